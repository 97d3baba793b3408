import { defineRule, isPropertyMap, type Rule, select } from "@groundplane/policy";
import { DOMAIN } from "../libvirt-types.ts";

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|\[::1\]|localhost)$/;

/** Screens and consoles of machines. */
export const consoleRules: readonly Rule[] = [
  defineRule({
    id: "vm-screen-local",
    title: "A machine's screen is seen from its host alone",
    severity: "high",
    why: "VNC and SPICE ask for no password here: whoever reaches the port sits at the machine.",
    remedy: 'Leave graphics.listenAddress out, or set it to "127.0.0.1", and come through SSH (`ssh -L`).',
    source: "libvirt, Domain XML format, Graphical framebuffers; QEMU, VNC security",
    appliesTo: [DOMAIN],
    reads: [
      { type: DOMAIN, property: "graphics.listenType" },
      { type: DOMAIN, property: "graphics.listenAddress" },
    ],
    examples: {
      passing: [
        {
          type: DOMAIN,
          inputs: {
            name: "athena",
            graphics: { type: "vnc", listenType: "address", listenAddress: "127.0.0.1" },
          },
        },
        { type: DOMAIN, inputs: { name: "athena", graphics: { type: "spice" } } },
      ],
      failing: [
        {
          type: DOMAIN,
          inputs: {
            name: "athena",
            graphics: { type: "vnc", listenType: "address", listenAddress: "0.0.0.0" },
          },
        },
      ],
    },
    check({ props }, report) {
      const { graphics } = props;
      if (!isPropertyMap(graphics)) return;
      // The provider's defaults: listenType "none", listenAddress "127.0.0.1".
      const { listenType = "none", listenAddress = "127.0.0.1" } = graphics;
      if (listenType === "none" || listenType === "socket") return;
      if (listenType !== "address") report(`graphics.listenType is ${JSON.stringify(listenType)}`);
      else if (!LOOPBACK.test(String(listenAddress)))
        report(`graphics listens on ${JSON.stringify(listenAddress)}`);
    },
  }),
  defineRule({
    id: "vm-console-local",
    title: "A machine's console is reached from its host alone",
    severity: "high",
    why: "A serial console over TCP asks nobody who they are.",
    remedy: 'Use a console of type "pty", or leave sourceHost at "127.0.0.1".',
    source: "libvirt, Domain XML format, TCP client/server",
    appliesTo: [DOMAIN],
    reads: [
      { type: DOMAIN, property: "consoles[*].type" },
      { type: DOMAIN, property: "consoles[*].sourceHost" },
    ],
    examples: {
      passing: [
        { type: DOMAIN, inputs: { name: "athena", consoles: [{ type: "pty", targetPort: "0" }] } },
        { type: DOMAIN, inputs: { name: "athena", consoles: [{ type: "tcp", targetPort: "0" }] } },
      ],
      failing: [
        {
          type: DOMAIN,
          inputs: { name: "athena", consoles: [{ type: "tcp", targetPort: "0", sourceHost: "0.0.0.0" }] },
        },
      ],
    },
    check({ props }, report) {
      for (const { path, value } of select(props, "consoles[*]")) {
        if (!isPropertyMap(value) || value["type"] === "pty") continue;
        const { sourceHost = "127.0.0.1" } = value;
        if (!LOOPBACK.test(String(sourceHost))) report(`${path} listens on ${JSON.stringify(sourceHost)}`);
      }
    },
  }),
];
