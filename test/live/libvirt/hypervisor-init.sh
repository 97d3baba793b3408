# First process of a hypervisor's namespaces (mount, pid, uts). Ends, and everything in them with it, when its standard input does:
# then whoever started it has stopped it, or is gone.
set -euo pipefail
# rack: name of a bridge of the machine that br0 is connected with; empty: br0 leads nowhere.
state=$1 name=$2 bridge=$3 rack=$4
mount --make-rprivate /
mount -t proc proc /proc
hostname "$name"
mount -t tmpfs tmpfs /run
mkdir -p /run/sshd /run/lock /run/libvirt
mount --bind "$state/run" /run/libvirt
for part in lib cache log; do mount --bind "$state/$part" "/var/$part/libvirt"; done
mount --bind "$state/etc" /etc/libvirt
# sshd stays in the machine's network, so that it is reached; it sees this libvirtd's socket, and its bridge below /sys.
/usr/sbin/sshd -f "$state/sshd_config" -E "$state/sshd.log"
unshare --net bash -c '
  set -e
  mount -t sysfs sysfs /sys
  ip link set lo up
  ip link add br0 type bridge
  # QEMU resolves no address at all where there is none but loopback.
  ip address add "$2" dev br0
  ip link set br0 up
  if [ -n "$3" ]; then
    until ip link set uplink master br0 2>/dev/null; do sleep 0.05; done
    ip link set uplink up
  fi
  exec libvirtd >"$1/libvirtd.log" 2>&1' - "$state" "$bridge" "$rack" &
if [ -n "$rack" ]; then
  inside=$!
  until [ "$(readlink "/proc/$inside/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
  # Of several, the first makes it.
  ip link add "$rack" type bridge 2>/dev/null || true
  ip address replace 10.220.1.1/24 dev "$rack"
  ip link set "$rack" up
  ip link add "$rack-$name" type veth peer name uplink netns "$inside"
  ip link set "$rack-$name" master "$rack" up
fi
# In the foreground, so that this shell waits: it takes the ends of all that loses its parent.
cat >/dev/null
if [ -n "$rack" ]; then
  ip link delete "$rack-$name"
  # The last one takes it away.
  [ -n "$(ip link show master "$rack")" ] || ip link delete "$rack"
fi
