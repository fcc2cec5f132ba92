# simulated from recorded behaviour: yum's commands. Sourced by yum.
install() {
  lock
  say 'Setting up Install Process'
  wanted=
  for word; do
    case $word in
      @*) set -- "${word#@}"; group_install "$@" ;;
    esac
    if installed "$word"; then
      say "Package $(awk -v n="$word" '$1 == n { print $1 "-" $2 "-" $3 "." $4 }' $DB) already installed and latest version"
    elif [ -n "$(available | awk -v n="$word" '$1 == n || $1 "." $4 == n || $1 "-" $2 == n || $1 "-" $2 "-" $3 == n { print $1 }')" ]; then
      wanted="$wanted $(available | awk -v n="$word" '$1 == n || $1 "." $4 == n || $1 "-" $2 == n || $1 "-" $2 "-" $3 == n { print $1 }')"
    else
      say "No package $word available."
      unknown=yes
    fi
  done
  if [ -z "$wanted" ]; then
    if [ "$MINOR" -gt 0 ] && [ -n "$unknown" ]; then fail 'Error: Nothing to do'; fi
    say 'Nothing to do'
    exit 0
  fi
  transaction "${wanted# }"
}
group_install() {
  lock
  say 'Setting up Group Process'
  wanted=
  for word; do
    found=$(group "$word")
    if [ -z "$found" ]; then
      echo "Warning: Group $word does not exist." >&2
      continue
    fi
    for name in $(field "$found" 4) $(field "$found" 5); do
      # Members that the repositories do not have are passed over without a word.
      if ! installed "$name" && [ -n "$(available | awk -v n="$name" '$1 == n')" ]; then wanted="$wanted $name"; fi
    done
  done
  if [ -z "$wanted" ]; then
    say 'No packages in any requested group available to install or update'
    # The lie: an unknown group was a success until yum 3.2.29-73.
    if [ "$MINOR" -ge 8 ] && [ -z "$found" ]; then exit 1; fi
    exit 0
  fi
  transaction "${wanted# }"
}
section() {
  [ -n "$2" ] || return 0
  echo " $1 Packages:"
  for name in $2; do echo "   $name"; done
}
group_info() {
  say 'Setting up Group Process'
  for word; do
    found=$(group "$word")
    if [ -z "$found" ]; then
      echo "Warning: Group $word does not exist." >&2
      continue
    fi
    echo
    echo "Group: $(field "$found" 2)"
    [ $verbose = no ] || echo " Group-Id: $(field "$found" 1)"
    echo " Description: $(field "$found" 3)"
    section Mandatory "$(field "$found" 4)"
    section Default "$(field "$found" 5)"
    section Optional "$(field "$found" 6)"
  done
}
group_list() {
  say 'Setting up Group Process'
  all=$(groups)
  for kind in Installed Available; do
    say "$kind Groups:"
    printf '%s\n' "$all" | while read -r one; do
      if group_installed "$one"; then is=Installed; else is=Available; fi
      [ $is = $kind ] || continue
      if [ $verbose = yes ]; then say "   $(field "$one" 2) ($(field "$one" 1))"; else say "   $(field "$one" 2)"; fi
    done
  done
  say Done
}
list() {
  case $1 in
    installed | available | updates | all) kind=$1; shift ;;
    *) kind=all ;;
  esac
  matched=no
  for kind_now in installed available; do
    case $kind in all | $kind_now) ;; *) continue ;; esac
    lines=$(if [ $kind_now = installed ]; then sed 's/$/ @base/' $DB; else available | while read -r name version release arch rest; do installed "$name" || echo "$name $version $release $arch base"; done; fi |
      while read -r name version release arch repository; do
        if [ $# -eq 0 ]; then hit=yes; else hit=no; fi
        for pattern; do case $name in $pattern) hit=yes ;; esac; done
        [ $hit = no ] || printf '%-40s %-24s %s\n' "$name.$arch" "$version-$release" "$repository"
      done)
    [ -n "$lines" ] || continue
    matched=yes
    if [ $kind_now = installed ]; then say 'Installed Packages'; else say 'Available Packages'; fi
    printf '%s\n' "$lines"
  done
  [ $matched = yes ] || fail 'Error: No matching Packages to list'
}
remove() {
  lock
  say 'Setting up Remove Process'
  gone=
  for word; do
    if installed "$word"; then gone="$gone $word"; else say "No Match for argument: $word"; fi
  done
  if [ -z "$gone" ]; then
    say 'No Packages marked for removal'
    exit 0
  fi
  agree
  rpm -e $gone || exit 1
  say ''
  say 'Removed:'
  for name in $gone; do say "  $name"; done
  say ''
  say 'Complete!'
}

unknown=
case $command in
  install | localinstall)
    [ $# -gt 0 ] || fail 'Error: Need to pass a list of pkgs to install'
    install "$@" ;;
  groupinstall)
    [ $# -gt 0 ] || fail 'Error: Need to pass a list of groups'
    group_install "$@" ;;
  groupinfo) group_info "$@" ;;
  grouplist) group_list ;;
  list) list "$@" ;;
  info) list "$@" ;;
  remove | erase) remove "$@" ;;
  groupremove) lock; say 'Setting up Group Process'; for word; do found=$(group "$word"); remove $(field "$found" 4) $(field "$found" 5); done ;;
  update | upgrade)
    lock
    say 'Setting up Update Process'
    say 'No Packages marked for Update'
    ;;
  check-update) exit 0 ;;
  makecache) lock; say 'Metadata Cache Created' ;;
  clean) lock; say 'Cleaning up Everything' ;;
  repolist)
    say 'repo id                         repo name                                status'
    say "base                            CentOS-6 - Base                          $(available | wc -l)"
    say "repolist: $(available | wc -l)"
    ;;
  help | '')
    echo 'Usage: yum [options] COMMAND'
    [ -n "$command" ] || { echo 'You need to give some command' >&2; exit 1; }
    ;;
  *) fail "No such command: $command. Please use /usr/bin/yum --help" ;;
esac
