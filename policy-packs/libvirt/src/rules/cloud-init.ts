import { defineRule, isSecret, type Rule, secretKind } from "@groundplane/policy";
import { isRecord, listOf, readUserData, textsOf, type UserData } from "../documents/user-data.ts";
import { CLOUD_INIT_DISK } from "../libvirt-types.ts";

const DOCUMENTS = ["userData", "metaData", "networkConfig"];
const PASSWORDS = ["passwd", "hashed_passwd", "plain_text_passwd"];

const userData = (config: string): string => `#cloud-config\n${config}\nruncmd: [ufw --force enable]\n`;
const KEYS_ONLY = userData(
  "ssh_pwauth: false\nusers:\n  - name: agent\n    lock_passwd: true\n    ssh_authorized_keys: [ssh-ed25519 AAAA ops]",
);
const disk = (given: string) => ({ type: CLOUD_INIT_DISK, inputs: { name: "athena.iso", userData: given } });

/** cloud-init takes these words for true, in any case. */
const isOn = (value: unknown): boolean => /^(true|yes|1|on)$/i.test(String(value));

function passwordFaults({ config, scripts }: UserData): readonly string[] {
  const users = listOf(config["users"]).filter(isRecord);
  return [
    ...(isOn(config["ssh_pwauth"]) ? ["ssh_pwauth is on"] : []),
    ...["password", "chpasswd"].filter((name) => name in config).map((name) => `${name} is set`),
    ...users.flatMap((user) => [
      ...PASSWORDS.filter((name) => name in user).map((name) => `user ${String(user["name"])} has ${name}`),
      ...(user["lock_passwd"] === false ? [`user ${String(user["name"])} has lock_passwd: false`] : []),
    ]),
    ...(scripts.some((script) => /\bchpasswd\b|\bpasswd\s+--stdin\b/.test(script))
      ? ["a command runs chpasswd"]
      : []),
    ...(scripts.some((script) => /^\s*PasswordAuthentication\s+yes\b/im.test(script))
      ? ["sshd is told PasswordAuthentication yes"]
      : []),
  ];
}

/** What stands in variables of a script or a file: `NAME=value`. */
function assignments(script: string): readonly { readonly name: string; readonly text: string }[] {
  return [...script.matchAll(/^\s*(?:export\s+)?([A-Za-z_]\w*)=["']?([^"'\n]*)["']?\s*$/gm)].map(
    ([, name = "", text = ""]) => ({ name, text }),
  );
}

/** What a machine is told at its first start. */
export const cloudInitRules: readonly Rule[] = [
  defineRule({
    id: "vm-no-password-login",
    title: "Nobody logs in with a password",
    severity: "critical",
    why: "A password in user-data is known to whoever reads the image, and is tried by whoever reaches the port.",
    remedy: "Set ssh_pwauth: false and lock_passwd: true, and give users ssh_authorized_keys.",
    source: "Fleet architecture, Authentication Layers; cloud-init, Users and Groups, Set Passwords",
    appliesTo: [CLOUD_INIT_DISK],
    reads: [{ type: CLOUD_INIT_DISK, property: "userData" }],
    examples: {
      passing: [disk(KEYS_ONLY), disk("#!/bin/sh\nufw --force enable\n")],
      failing: [
        disk(userData("ssh_pwauth: true")),
        disk(userData("users:\n  - name: agent\n    hashed_passwd: $6$x$y")),
        disk("#!/bin/sh\nufw --force enable\necho root:x | chpasswd\n"),
      ],
    },
    check({ props }, report) {
      const { userData: text } = props;
      // A secret one is reported by the rule below, and cannot be read.
      if (typeof text !== "string") return;
      const read = readUserData(text);
      if (read === undefined)
        report("userData is neither a #cloud-config nor a script, and cannot be looked into", {
          remedy: "Give it as one #cloud-config.",
        });
      else for (const fault of passwordFaults(read)) report(`userData: ${fault}`);
    },
  }),
  defineRule({
    id: "vm-no-secret-in-cloud-init",
    title: "cloud-init is told no secret",
    severity: "critical",
    why: "What it is told stays on a disk image in the pool, and in files of the machine, for whoever reads them.",
    remedy:
      "Write the secret to the machine with a MachineSetup, once it is there; then make it anew, since it has been written down.",
    source: "Fleet architecture, Secrets Management; cloud-init, Instance metadata",
    appliesTo: [CLOUD_INIT_DISK],
    reads: DOCUMENTS.map((property) => ({ type: CLOUD_INIT_DISK, property })),
    examples: {
      passing: [disk(KEYS_ONLY)],
      failing: [
        disk(
          userData(
            "write_files:\n  - path: /etc/agent.env\n    content: |\n      ANTHROPIC_API_KEY=sk-ant-a1b2c3d4e5f6g7h8i9j0",
          ),
        ),
      ],
    },
    check({ props }, report) {
      for (const document of DOCUMENTS) {
        const value = props[document];
        if (isSecret(value)) report(`${document} is a secret, and the disk is not`);
        if (typeof value !== "string") continue;
        const read = document === "userData" ? readUserData(value) : undefined;
        const texts = [
          { name: document, text: value },
          ...(read === undefined ? [] : [...textsOf(read.config), ...read.scripts.flatMap(assignments)]),
        ];
        const kinds = texts.flatMap(({ name, text }) => {
          const kind = secretKind(name, text);
          // Passwords of users are the other rule's.
          return kind === undefined || PASSWORDS.includes(name)
            ? []
            : [name === document ? kind : `${kind} (${name})`];
        });
        for (const kind of new Set(kinds)) report(`${document} holds ${kind}`);
      }
    },
  }),
];
