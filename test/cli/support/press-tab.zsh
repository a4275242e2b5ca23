# Presses the Tab key after these words, in an interactive zsh on a terminal of its own that has read the script of this file, and
# prints the line as it is then.
#   zsh -f press-tab.zsh <script> <words>
zmodload zsh/zpty
script=$1 words=$2
zpty shell "PS1='> ' TERM=dumb COLUMNS=200 exec zsh -f -i"
# The key Ctrl-X prints what has been typed and completed.
zpty -w shell "unsetopt beep; autoload -Uz compinit && compinit -D -u && source ${(q)script}; tell() { print -r -- \"<<\$BUFFER>>\" }; zle -N tell; bindkey '^X' tell; print r''eady"
zpty -r -m shell _ '*ready*'
zpty -n -w shell "$words"$'\t\x18'
zpty -r -m shell line '*<<*>>*'
print -r -- "${${line##*<<}%%>>*}"
zpty -d shell
