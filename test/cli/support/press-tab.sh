# Presses the Tab key after these words, in a bash that has read the script on standard input, and prints what it puts there.
# What the package bash-completion has, as far as such a script needs it:
_get_comp_words_by_ref() {
  words=("${COMP_WORDS[@]}")
  cword=$COMP_CWORD
  cur=${words[cword]}
}
compopt() { :; }
source <(cat)
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
__holdfast_complete
printf '%s\n' "${COMPREPLY[@]}"
