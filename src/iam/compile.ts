/** Turns a policy document into closures, once. */
import type { PolicyDocument, PolicyRef, PolicyStatement } from '../model/index.ts'
import { compileCondition } from './compile-condition.ts'
import type { Facts } from './facts.ts'
import { compileNotPrincipal, compilePrincipal, type PrincipalMatcher } from './match-principal.ts'
import { compileTemplateMatch, parseTemplate } from './match-variables.ts'
import { compileWildcard, type TextMatcher } from './match-wildcard.ts'
import type { CompiledPolicy } from './policy.ts'
import { PolicySyntaxError } from './policy-syntax-error.ts'
import type { CompiledStatement, Program } from './program.ts'
import { listOf, readDocument, statementName, statementsOf } from './read-document.ts'
import { policyName } from './words.ts'

/**
 * Compiles a policy document, given as an object or as JSON; reasons and messages name it by the reference.
 *
 * Throws PolicySyntaxError for a document that is no policy or names an unknown element or operator.
 * AWS: policy variables work from Version 2012-10-17 on; a document without Version is a 2008 one.
 */
export function compile(document: PolicyDocument | string, ref: PolicyRef): CompiledPolicy {
  const policy = readDocument(document)
  const variables = policy.Version === '2012-10-17'
  const statements = statementsOf(policy).map((statement, index) => {
    try {
      return compileStatement(statement, index, ref, variables)
    } catch (error) {
      if (!(error instanceof PolicySyntaxError)) throw error
      throw new PolicySyntaxError(
        error.message,
        ` in ${statementName(statement, index)} of ${policyName(ref)}`,
      )
    }
  })
  const program: Program = { ref, document: policy, statements, byAction: new Map() }
  return program
}

const byDocument = new WeakMap<PolicyDocument, Program>()

/** Gives the inside of a compiled policy; one that `compile` did not make is compiled on first sight. */
export function programOf(policy: CompiledPolicy): Program {
  if ('statements' in policy) return policy as Program
  let program = byDocument.get(policy.document)
  if (!program) {
    program = compile(policy.document, policy.ref) as Program
    byDocument.set(policy.document, program)
  }
  return program
}

function compileStatement(
  source: PolicyStatement,
  index: number,
  policy: PolicyRef,
  variables: boolean,
): CompiledStatement {
  return {
    policy,
    index,
    source,
    allows: source.Effect === 'Allow',
    principal: compilePrincipalOf(source),
    action: compileActions(source),
    resource: compileResources(source, variables),
    conditions: source.Condition ? compileCondition(source.Condition, variables) : [],
  }
}

function compilePrincipalOf(statement: PolicyStatement): PrincipalMatcher | undefined {
  if (statement.Principal !== undefined) return compilePrincipal(statement.Principal)
  if (statement.NotPrincipal !== undefined)
    return compileNotPrincipal(statement.NotPrincipal, statement.Effect)
  return undefined
}

/** AWS: actions compare without regard to case. */
function compileActions(statement: PolicyStatement): TextMatcher {
  const named = anyOf(
    listOf(statement.Action ?? statement.NotAction).map((a) => compileWildcard(a.toLowerCase())),
  )
  return statement.Action === undefined ? (action) => !named(action) : named
}

function anyOf(matchers: readonly TextMatcher[]): TextMatcher {
  if (matchers.length === 1) return matchers[0]!
  return (text) => {
    for (let i = 0; i < matchers.length; i++) if (matchers[i]!(text)) return true
    return false
  }
}

/**
 * AWS: a `*` at the end of an ARN's part reaches across colons, so a resource is matched as a whole; trust
 * policies have no Resource and mean their role.
 */
function compileResources(
  statement: PolicyStatement,
  variables: boolean,
): (resource: string, facts: Facts) => boolean {
  const patterns = statement.Resource ?? statement.NotResource
  if (patterns === undefined) return () => true
  const tests = listOf(patterns).map((pattern) =>
    compileTemplateMatch(parseTemplate(pattern, { variables, wildcards: true })),
  )
  const named =
    tests.length === 1
      ? tests[0]!
      : (resource: string, facts: Facts) => {
          for (let i = 0; i < tests.length; i++) if (tests[i]!(resource, facts)) return true
          return false
        }
  if (statement.NotResource === undefined) return named
  return refuseUnresolved(patterns, variables, named)
}

/**
 * The negation of NotResource.
 *
 * AWS: a NotResource with a variable that has no value matches no resource.
 */
function refuseUnresolved(
  patterns: string | readonly string[],
  variables: boolean,
  named: (resource: string, facts: Facts) => boolean,
): (resource: string, facts: Facts) => boolean {
  const templates = listOf(patterns)
    .map((pattern) => parseTemplate(pattern, { variables, wildcards: true }))
    .filter((template) => !template.fixed)
  if (!templates.length) return (resource, facts) => !named(resource, facts)
  return (resource, facts) =>
    templates.every((template) => template.fill(facts) !== undefined) && !named(resource, facts)
}
