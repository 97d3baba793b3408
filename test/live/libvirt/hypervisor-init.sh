# First process of a hypervisor's namespaces (mount, pid, uts). Ends, and everything in them with it, when its standard input does:
# then whoever started it has stopped it, or is gone.
set -euo pipefail
# racked: not empty where this is started on the rack's switch, which br0 is to be connected with.
state=$1 name=$2 address=$3 racked=$4
mount --make-rprivate /
mount -t proc proc /proc
hostname "$name"
mount -t tmpfs tmpfs /run
mkdir -p /run/sshd /run/lock /run/libvirt
mount --bind "$state/run" /run/libvirt
for part in lib cache log; do mount --rbind "$state/$part" "/var/$part/libvirt"; done
mount --bind "$state/etc" /etc/libvirt
# A firewall of its own.
for folder in ufw default; do
  [ -e "/etc/$folder" ] || continue
  [ -e "$state/$folder" ] || cp -a "/etc/$folder" "$state/$folder"
  mount --bind "$state/$folder" "/etc/$folder"
done
logins() { /usr/sbin/sshd -f "$state/sshd_config" -E "$state/sshd.log"; }
# Without the rack's network sshd stays in the machine's, so that it is reached; it sees this libvirtd's socket, and its bridge
# below /sys.
if [ -z "$racked" ]; then logins; fi
inside() {
  mkdir /run/cgroup
  mount --rbind /sys/fs/cgroup /run/cgroup
  mount -t sysfs sysfs /sys
  mount --rbind /run/cgroup /sys/fs/cgroup
  ip link set lo up
  # Otherwise it would change with each card that comes, and nobody would find the host for a while.
  ip link add br0 address "$(printf '52:54:01:%02x:%02x:%02x' $((RANDOM % 256)) $((RANDOM % 256)) $((RANDOM % 256)))" type bridge
  for file in /proc/sys/net/bridge/bridge-nf-call-*; do if [ -e "$file" ]; then echo 0 >"$file"; fi; done
  # QEMU resolves no address at all where there is none but loopback.
  ip address add "$address" dev br0
  ip link set br0 up
  if [ -n "$racked" ]; then
    until ip link set uplink master br0 2>/dev/null; do sleep 0.05; done
    ip link set uplink up
    ip route add default via 10.220.1.1
    # What starts with a shell of this machine's root is not the host's.
    unshare --mount bash -euc '. "$state/logins.sh"; mount -t tmpfs home "$HOME"; logins'
  fi
  exec libvirtd >"$state/libvirtd.log" 2>&1
}
export -f inside logins
export state address racked
unshare --net bash -euc inside &
if [ -n "$racked" ]; then
  inside=$!
  until [ "$(readlink "/proc/$inside/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
  # Of the one before, which the kernel takes away when it comes to it.
  until ip link add "to-$name" type veth peer name uplink netns "$inside" 2>/dev/null; do sleep 0.05; done
  ip link set "to-$name" master lan up
fi
# In the foreground, so that this shell waits: it takes the ends of all that loses its parent.
cat >/dev/null
