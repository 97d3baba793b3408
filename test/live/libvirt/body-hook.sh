# Called by libvirtd for each domain, with its XML on standard input (https://libvirt.org/hooks.html). It gives the domain a body:
# a Debian that systemd boots in namespaces, as the machine that the domain's image would have booted. The domain stays what it
# is, a real process of QEMU, whose processor halts: the body stands in for that processor, and for nothing else. It has the
# domain's card by its address, reads the domain's own disk of cloud-init, and keeps its files as long as the domain's first
# volume is there: a new volume is a new machine.
set -euo pipefail
# lower: a Debian's root. shared: what bodies find at /srv.
lower=$1 state=$2 domain=$3 what=$4
shared=$(dirname "$state")/shared
run=/run/bodies/$domain
# What systemd counts processes in. The rack's switch takes it away in the end.
groups=groundplane-test-rack/$(basename "$state")/$domain

# First process of a body's namespaces. What /sys shows is that of the network in which it was mounted.
boot='
  mount -t proc proc /proc
  for tree in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
    [ -e "$tree/cgroup.procs" ] || continue
    mkdir -p "$tree/$groups"
    echo $$ >"$tree/$groups/cgroup.procs"
  done
  mount --rbind /sys/fs/cgroup "$run/root"
  mount -t sysfs sysfs /sys
  mount --rbind "$run/root" /sys/fs/cgroup
  umount -l "$run/root"
  mount -t overlay -o "lowerdir=$lower,upperdir=$own/files,workdir=$own/work" "$domain" "$run/root"
  until ip link show lan0 >/dev/null 2>&1; do sleep 0.02; done
  exec systemd-nspawn --quiet --directory="$run/root" --machine="$domain" --hostname=unnamed --boot --register=no --keep-unit \
    --console=pipe --settings=no --resolv-conf=off --timezone=off --link-journal=no --bind-ro="$shared:/srv" \
    --network-namespace-path=/proc/self/ns/net --capability=CAP_NET_ADMIN'

end_of() {
  [ -e "$run/pid" ] || return 0
  # Its first process: all others end with it.
  kill -KILL "$(cat "$run/pid")" 2>/dev/null || true
  while [ -e "/proc/$(cat "$run/pid")" ]; do sleep 0.05; done
  ip link delete "b-$domain" 2>/dev/null || true
  rm -rf "$run"
}

# The host goes down with this domain, where a test wants it: all its processes end, and then its namespaces.
if [ "$what" = stopped ] && [ -e "$state/goes-down-with-$domain" ]; then
  rm "$state/goes-down-with-$domain"
  kill -KILL -1
  sleep 60
fi

case $what in
stopped | release) end_of ;;
started)
  xml=$(tr -d '\n')
  # libvirt must not be asked from here: a pool's folder has its name.
  disk=/var/lib/libvirt/images/$(grep -o "<source pool='[^']*' volume='[^']*'" <<<"$xml" | head -n 1 | sed "s:.*pool='\([^']*\)' volume='\([^']*\)':\1/\2:")
  iso=$(sed "s:.*<disk [^>]*device='cdrom'::; s:</disk>.*::" <<<"$xml" | grep -o "<source file='[^']*'" | head -n 1 | cut -d "'" -f 2)
  mac=$(grep -o "<mac address='[^']*'" <<<"$xml" | head -n 1 | cut -d "'" -f 2)
  end_of
  mkdir -p "$run/root" "$state/bodies" "$shared"
  for old in "$state"/bodies/*; do
    [ -e "$old" ] || continue
    volume=$(cat "$old/volume")
    [ "$(stat -c '%n %i' "${volume% *}" 2>/dev/null)" = "$volume" ] || rm -rf "$old"
  done
  own=$state/bodies/$domain.$(stat -c %i "$disk")
  mkdir -p "$own/files/var/lib/cloud/seed/nocloud" "$own/work"
  stat -c '%n %i' "$disk" >"$own/volume"
  for part in user-data meta-data network-config; do
    isoinfo -R -i "$iso" -x "/$part" >"$own/files/var/lib/cloud/seed/nocloud/$part"
  done
  export groups domain lower shared own run
  # libvirtd waits until nothing holds the hook's output.
  setsid unshare --mount --pid --net --fork --kill-child=KILL bash -euc "$boot" </dev/null >"$own/console.log" 2>&1 &
  body=$!
  echo "$body" >"$run/pid"
  until [ "$(readlink "/proc/$body/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.02; done
  ip link add "b-$domain" type veth peer name lan0 address "$mac" netns "$body"
  ip link set "b-$domain" master br0 up
  ;;
esac
