// One page for each package: what its index.ts exports, with doc comments and signatures, from the built declarations.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** Above this a constant's type is a schema spelled out, which tells a reader nothing. */
const LONGEST_TYPE = 400;

/** @param {string} file */
const parse = (file) => ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2023, true);

/**
 * The declaration of a name in a module, through re-exports.
 *
 * @param {string} file
 * @param {string} name
 * @returns {ts.Statement | undefined}
 */
function findDeclaration(file, name) {
  for (const statement of parse(file).statements) {
    if (ts.isVariableStatement(statement)) {
      if (statement.declarationList.declarations.some((each) => each.name.getText() === name))
        return statement;
    } else if (ts.isExportDeclaration(statement)) {
      const found = exportsOf(statement, file).find((each) => each.name === name);
      if (found !== undefined) return findDeclaration(found.file, found.source);
    } else if (
      "name" in statement &&
      /** @type {ts.DeclarationStatement} */ (statement).name?.getText() === name
    ) {
      return statement;
    }
  }
  return undefined;
}

/**
 * @param {ts.ExportDeclaration} statement
 * @param {string} file
 */
function exportsOf(statement, file) {
  const { moduleSpecifier, exportClause } = statement;
  if (moduleSpecifier === undefined || exportClause === undefined || !ts.isNamedExports(exportClause))
    return [];
  const path = moduleSpecifier
    .getText()
    .slice(1, -1)
    .replace(/\.[jt]s$/, ".d.ts");
  return exportClause.elements.map((element) => ({
    name: element.name.text,
    source: (element.propertyName ?? element.name).getText(),
    file: join(dirname(file), path),
  }));
}

/** @param {ts.Statement} statement */
function kindOf(statement) {
  if (ts.isFunctionDeclaration(statement)) return "function";
  if (ts.isClassDeclaration(statement)) return "class";
  if (ts.isInterfaceDeclaration(statement)) return "interface";
  return ts.isTypeAliasDeclaration(statement) ? "type" : "constant";
}

/** @param {ts.Statement} statement */
function signatureOf(statement) {
  const text = statement
    .getText()
    .replace(/^export (declare )?/, "")
    .split("\n")
    .filter((line) => !/^\s*(#private;|private )/.test(line))
    .join("\n");
  if (!ts.isVariableStatement(statement) || text.length < LONGEST_TYPE) return text;
  return `${/^const \w+: [\w.]+/.exec(text)?.[0]}<…>;`;
}

/** @param {string | ts.NodeArray<ts.JSDocComment> | undefined} comment */
const textOf = (comment) => (ts.getTextOfJSDocComment(comment) ?? "").trim();

/** @param {ts.Statement} statement */
function docOf(statement) {
  const doc = ts.getJSDocCommentsAndTags(statement).findLast(ts.isJSDoc);
  const tags = (doc?.tags ?? []).map((tag) => {
    const text = textOf(tag.comment);
    switch (tag.tagName.text) {
      case "example":
        return `\`\`\`ts\n${text}\n\`\`\``;
      case "throws":
        return `Throws ${tag
          .getText()
          .replace(/^@throws\s*/, "")
          .replace(/\{(\w+)\}/, "`$1`")
          .replace(/\s*\n\s*\*?\s*/g, " ")
          .trim()}`;
      case "param":
        return `\`${/** @type {ts.JSDocParameterTag} */ (tag).name.getText()}\`: ${text}`;
      default:
        return `@${tag.tagName.text} ${text}`;
    }
  });
  return [textOf(doc?.comment), ...tags].filter(Boolean);
}

/**
 * @param {string} name of the package
 * @param {string} description
 * @param {readonly { subpath: string, types: string }[]} entries
 */
export function apiPage(name, description, entries) {
  const sections = entries.flatMap(({ subpath, types }) => {
    const index = parse(types);
    const exported = index.statements.flatMap((statement) =>
      ts.isExportDeclaration(statement) ? exportsOf(statement, types) : [],
    );
    // A module that is its own entry declares what it exports.
    const own = index.statements.filter(
      (statement) =>
        !ts.isVariableStatement(statement) &&
        ts.canHaveModifiers(statement) &&
        ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword),
    );
    const names = [
      ...exported.map((each) => each.name),
      ...own.map((each) => /** @type {ts.DeclarationStatement} */ (each).name?.getText() ?? ""),
    ];
    const parts = names.map((each) => {
      const statement = findDeclaration(types, each);
      if (statement === undefined) return `### \`${each}\``;
      return [
        `### \`${each}\` (${kindOf(statement)})`,
        ...docOf(statement),
        `\`\`\`ts\n${signatureOf(statement)}\n\`\`\``,
      ].join("\n\n");
    });
    return [`## \`${name}${subpath.slice(1)}\``, ...parts];
  });
  return [`# ${name}`, description, ...sections].join("\n\n");
}
