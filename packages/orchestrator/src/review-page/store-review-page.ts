import type { ChangeSet } from "@groundplane/contracts";
import { stacksOf } from "../define/load-project.ts";
import type { RunContext } from "../pipeline/run-context.ts";
import { reviewPage } from "./review-page.ts";

/** Stores the page beside the change set, as the run stands now. */
export function storeReviewPage({ run, environment, project }: RunContext, changeSet: ChangeSet): void {
  const page = reviewPage({
    run: run.record,
    changeSet,
    environment,
    stacks: [...stacksOf(project, environment).values()],
  });
  run.storeArtifact("review", "review.html", page);
}
