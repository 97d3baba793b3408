import { describe, expect, test } from "vitest";
import { change, changeSet, changeSetOf } from "../../../../test/browser/review.fixture.ts";
import { groupChanges } from "./change-groups.ts";

describe("groupChanges", () => {
  test("puts each change into the component it is in, what loses most first", () => {
    const groups = groupChanges(changeSet);
    expect(
      groups.map(({ path, changes }) => [path.join("/"), changes.slice(0, 2).map(({ name }) => name)]),
    ).toEqual([
      ["shop-prod", ["carts", "old-bastion"]],
      ["shop-prod/orders", ["orders-db"]],
      ["shop-prod/web", ["web-targets", "web-template"]],
    ]);
    expect(groups.map(({ own }) => own?.name)).toEqual([undefined, undefined, "web"]);
  });

  test("tells each change once", () => {
    const told = groupChanges(changeSet).flatMap(({ own, changes }) => [...(own ? [own] : []), ...changes]);
    expect(told.map(({ urn }) => urn).sort()).toEqual(changeSet.changes.map(({ urn }) => urn).sort());
  });

  test("knows the components of a destroy by their having no id", () => {
    const { id: _id, ...component } = change("delete", "acme:index:Web", "web", []);
    const inside = change("delete", "aws:s3/bucket:Bucket", "b", [], { parent: component.urn });
    const groups = groupChanges(changeSetOf([component, inside], { operation: "destroy", planned: [] }));
    expect(
      groups.map(({ path, own, changes }) => [path, own?.name, changes.map(({ name }) => name)]),
    ).toEqual([[["web"], "web", ["b"]]]);
  });

  test("takes parents that go in a circle", () => {
    const a = change("update", "acme:index:A", "a", []);
    const b = change("update", "acme:index:B", "b", [], { parent: a.urn });
    expect(groupChanges(changeSetOf([{ ...a, parent: b.urn }, b], { planned: [] }))).toHaveLength(1);
  });
});
