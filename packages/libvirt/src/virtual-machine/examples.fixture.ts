// The examples of docs/virtual-machine.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import { MachineSetup } from "@groundplane/machine";
import * as pulumi from "@pulumi/pulumi";
import { testHost } from "../host.fixture.ts";
import { BaseImage, VirtualMachine } from "../index.ts";

const source = { url: "https://images.example/jammy.img", sha256: "0".repeat(64) };

export function start(): VirtualMachine {
  const r820 = testHost();
  const jammy = new BaseImage("jammy", { hypervisor: r820, image: source });
  // #region start
  const athena = new VirtualMachine("athena", {
    hypervisor: r820,
    image: jammy,
    size: "light",
    diskGiB: 250,
    address: { cidr: "10.220.1.50/24", gateway: "10.220.1.1", nameservers: ["8.8.8.8", "8.8.4.4"] },
    users: [{ name: "agent", sudo: true, authorizedKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 jeff"] }],
  });
  // #endregion
  return athena;
}

export function production(): VirtualMachine {
  const r820 = testHost();
  const jammy = new BaseImage("jammy", { hypervisor: r820, image: source });
  const address = { cidr: "10.220.1.51/24", gateway: "10.220.1.1", nameservers: ["8.8.8.8"] };
  const users = [{ name: "agent", authorizedKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 jeff"] }];
  // #region production
  const apollo = new VirtualMachine("apollo", {
    hypervisor: r820,
    image: jammy,
    size: "medium",
    diskGiB: 250,
    disks: [{ name: "work", sizeGiB: 500, pool: "fast" }],
    address,
    users,
    guestAgent: true,
    protected: true,
    backup: { schedule: "*-*-* 02:30:00", keep: 14, folder: "/mnt/backups" },
  });
  // #endregion
  return apollo;
}

export function secrets(): VirtualMachine {
  const athena = start();
  const config = { requireSecret: (name: string) => pulumi.secret(name) };
  // #region secrets
  const token = new MachineSetup(
    "athena-token",
    {
      connection: athena.connection({ user: "agent", privateKey: config.requireSecret("sshKey") }),
      files: [{ path: "/etc/agent/token", mode: "0600", content: config.requireSecret("token") }],
    },
    { dependsOn: [athena] },
  );
  // #endregion
  void token;
  return athena;
}

export function gpu(): VirtualMachine {
  const r820 = testHost();
  const jammy = new BaseImage("jammy", { hypervisor: r820, image: source });
  const address = { cidr: "10.220.1.60/24", gateway: "10.220.1.1", nameservers: ["8.8.8.8"] };
  const users = [{ name: "agent", authorizedKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 jeff"] }];
  // #region gpu
  const hephaestus = new VirtualMachine("hephaestus", {
    hypervisor: r820,
    image: jammy,
    size: { memoryMiB: 64 * 1024, vcpus: 16 },
    diskGiB: 500,
    address,
    users,
    passthrough: ["0000:65:00.0", "0000:65:00.1"],
  });
  // #endregion
  return hephaestus;
}
