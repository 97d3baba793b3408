import { describe, expect, test } from "vitest";
import { record } from "../../../../test/recording-mocks.ts";
import { testHost } from "../host.fixture.ts";
import { backupScript, restoreScript } from "./backup-scripts.ts";
import { DiskBackup } from "./disk-backup.ts";
import type { DiskBackupArgs } from "./disk-backup-args.ts";

const create = (args: Partial<DiskBackupArgs> = {}) =>
  record(
    (options) =>
      new DiskBackup(
        "wiki-backup",
        {
          hypervisor: testHost(),
          machineName: "wiki",
          diskPaths: ["/pool/wiki.qcow2", "/pool/wiki-data.qcow2"],
          schedule: "*-*-* 02:30:00",
          keep: 14,
          ...args,
        },
        options,
      ),
  );

describe("DiskBackup", () => {
  test("is two scripts, a service and a timer on the hypervisor", async () => {
    const { resources, component } = await create();
    expect(resources.map(({ type, name }) => [type, name])).toEqual([
      ["pulumi:providers:libvirt", "host"],
      ["groundplane:libvirt:DiskBackup", "wiki-backup"],
      ["groundplane-machine:index:Setup", "wiki-backup-setup"],
    ]);
    const plan = {
      machineName: "wiki",
      folder: "/var/backups/groundplane/wiki",
      keep: 14,
      diskPaths: ["/pool/wiki.qcow2", "/pool/wiki-data.qcow2"],
    };
    expect(resources[2]?.inputs).toMatchObject({
      files: [
        { path: "/usr/local/sbin/groundplane-backup-wiki", mode: "0700", content: backupScript(plan) },
        { path: "/usr/local/sbin/groundplane-restore-wiki", mode: "0700", content: restoreScript(plan) },
        {
          path: "/etc/systemd/system/groundplane-backup-wiki.service",
          content: expect.stringContaining("ExecStart=/usr/local/sbin/groundplane-backup-wiki\n"),
        },
        {
          path: "/etc/systemd/system/groundplane-backup-wiki.timer",
          content: expect.stringContaining("OnCalendar=*-*-* 02:30:00\n"),
        },
      ],
      setup: expect.stringContaining("systemctl restart groundplane-backup-wiki.timer"),
      reset: "systemctl disable --now groundplane-backup-wiki.timer || true\n",
      check: expect.stringContaining("is-failed --quiet groundplane-backup-wiki.service"),
    });
    expect(component.folder).toBe(plan.folder);
    expect(component.restoreCommand).toBe("/usr/local/sbin/groundplane-restore-wiki");
  });

  test("knows each disk by the guest's name, in its order", async () => {
    const { resources } = await create();
    const files = resources[2]?.inputs["files"];
    const [script] = Array.isArray(files) ? files : [];
    expect(script.content).toContain("disks='vda /pool/wiki.qcow2\nvdb /pool/wiki-data.qcow2'");
  });

  test.each<[Partial<DiskBackupArgs>, string]>([
    [{ diskPaths: [] }, "number of diskPaths is 0"],
    [{ machineName: "wiki; reboot" }, '"wiki; reboot" cannot name a component'],
    [{ keep: 0 }, "backup.keep is 0"],
    [{ schedule: "daily\nExecStart=x" }, "backup.schedule is"],
    [{ folder: "backups" }, 'backup.folder is "backups"'],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
