import { defineRule, type PropertyRead, type Rule, type RuleExamples, select } from "@groundplane/policy";
import { type PolicyStatement, statementsOf } from "./policy-statement.ts";

export interface StatementRuleDefinition {
  readonly id: string;
  readonly title: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  readonly enforcement?: "mandatory" | "advisory";
  readonly why: string;
  readonly remedy: string;
  readonly source: string;
  /** Where the documents stand. */
  readonly documents: readonly PropertyRead[];
  /** What is wrong with a statement, after "statement 1"; undefined when nothing is. */
  readonly fault: (statement: PolicyStatement) => string | undefined;
  readonly examples: RuleExamples;
}

/** A rule that looks at each statement of the policy documents of some types. */
export function defineStatementRule({ documents, fault, ...text }: StatementRuleDefinition): Rule {
  return defineRule({
    ...text,
    appliesTo: [...new Set(documents.map(({ type }) => type))],
    reads: documents,
    check({ type, props }, report) {
      const refs = documents
        .filter((document) => document.type === type)
        .flatMap(({ property }) => select(props, property));
      for (const ref of refs) {
        for (const statement of statementsOf(ref)) {
          const found = fault(statement);
          if (found !== undefined) report(`${ref.path}, statement ${statement.name}: ${found}`);
        }
      }
    },
  });
}
