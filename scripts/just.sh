# To be sourced by bash, zsh or sh: has `just -c` take a whole line in quotes, which a shell reads. Everything else is as it was.
just() {
  if [ "$#" -eq 2 ] && [ "$1" = -c ]; then
    command just --shell-command -c "$2"
  else
    command just "$@"
  fi
}
