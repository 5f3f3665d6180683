/** Checks a policy document against the rules of its kind, in AWS's words where they are known. */
import { type PolicyDocument, type PolicyStatement, supposedPolicy } from '../model/index.ts'
import { compile } from './compile.ts'
import { parseOperator } from './compile-condition.ts'
import { principalAccount } from './match-principal.ts'
import type { CompiledPolicy } from './policy.ts'
import { PolicySyntaxError } from './policy-syntax-error.ts'
import { listOf, principalLists, statementName, statementsOf } from './read-document.ts'
import { supportsResourceControl } from './resource-control.ts'

/** Where a policy is used: `identity` is a managed policy. */
export type PolicyKind = 'identity' | 'inline' | 'resource' | 'repository' | 'trust' | 'key' | 'scp' | 'rcp'

/** One thing that is wrong with a policy. */
export interface PolicyProblem {
  /** In AWS's words, or in a sentence. */
  readonly problem: string
  /** The end of the sentence that tells where, ` (statement 2)`; empty for the document as a whole. */
  readonly place: string
  /** What has to be told apart from the rest. */
  readonly code?: 'no statements' | 'repeated id'
}

/**
 * Gives what is wrong with a document as a policy of a kind, one sentence each; none when it is right. Structure
 * only: whether principals exist is for the service to check (`principalsOf` lists them).
 */
export const validate = (document: PolicyDocument | string, kind: PolicyKind): string[] =>
  policyProblems(document, kind).map(({ problem, place }) => problem + place)

/** Gives the same, with the places apart. */
export function policyProblems(document: PolicyDocument | string, kind: PolicyKind): PolicyProblem[] {
  try {
    return problemsIn(compile(document, supposedPolicy(`the ${kind} policy`)), kind)
  } catch (error) {
    if (error instanceof PolicySyntaxError) return [{ problem: error.problem, place: error.place }]
    throw error
  }
}

/** Gives what is wrong with a policy that `compile` took, as a policy of a kind. */
export const validateCompiled = (policy: CompiledPolicy, kind: PolicyKind): string[] =>
  problemsIn(policy, kind).map(({ problem, place }) => problem + place)

function problemsIn({ document: policy }: CompiledPolicy, kind: PolicyKind): PolicyProblem[] {
  return [
    ...documentProblems(policy, kind),
    ...statementsOf(policy).flatMap((statement, index) => {
      const place = ` (${statementName(statement, index)})`
      return STATEMENT_CHECKS.flatMap((check) => check(statement, kind)).map((problem) => ({
        problem,
        place,
      }))
    }),
  ]
}

type StatementCheck = (statement: PolicyStatement, kind: PolicyKind) => string[]

const STATEMENT_CHECKS: readonly StatementCheck[] = [
  checkSid,
  checkPrincipals,
  checkActions,
  checkResources,
  checkConditions,
  checkVariables,
  checkResourceControl,
]

/**
 * AWS: managed and organization policies must be of the current version. Others may be of the old one, which is the one
 * of a document without a version (reference_policies_elements_version.html).
 */
function documentProblems(policy: PolicyDocument, kind: PolicyKind): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const add = (problem: string, code?: PolicyProblem['code']) =>
    problems.push({ problem, place: '', ...(code && { code }) })
  const statements = statementsOf(policy)
  if (statements.length === 0) add('Policy document must contain at least one statement.', 'no statements')
  if ((kind === 'identity' || kind === 'scp' || kind === 'rcp') && policy.Version !== '2012-10-17')
    add('Policy document must be version 2012-10-17 or greater.')
  const sids = statements.map((statement) => statement.Sid).filter((sid) => sid)
  if (new Set(sids).size < sids.length)
    add('Statement IDs (SID) in a single policy must be unique.', 'repeated id')
  return problems
}

/** AWS: identity, trust and organization policies allow letters and digits in a Sid; others also more. */
function checkSid({ Sid: sid }: PolicyStatement, kind: PolicyKind): string[] {
  if (!sid || ['resource', 'repository', 'key'].includes(kind)) return []
  return /^[0-9A-Za-z]*$/.test(sid)
    ? []
    : [
        'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
      ]
}

function checkPrincipals(statement: PolicyStatement, kind: PolicyKind): string[] {
  const { Principal: principal, NotPrincipal: notPrincipal } = statement
  const element = principal ?? notPrincipal
  if (kind === 'identity' || kind === 'inline' || kind === 'scp')
    return element === undefined ? [] : ['Policy document should not specify a principal.']
  if (element === undefined) return ['Missing required field Principal']
  const problems = invalidPrincipals(element).map((name) => `Invalid principal in policy: ${name}`)
  if (notPrincipal !== undefined && kind === 'trust') problems.push('Has prohibited field NotPrincipal')
  if (notPrincipal !== undefined && statement.Effect === 'Allow')
    problems.push('NotPrincipal can only be used with "Effect": "Deny"')
  return problems
}

const ACCOUNT_OR_ID = /^(?:\d{12}|A(?:ROA|IDA)[A-Z0-9]{12,})$/
const PRINCIPAL_ARN =
  /^arn:[\w-]+:(?:iam::\d{12}:(?:root|(?:user|role)\/[^*?]+)|sts::\d{12}:(?:assumed-role\/[^*?/]+\/[^*?/]+|federated-user\/[^*?]+)|iam::cloudfront:user\/[^*?]+)$/

/** AWS: no wildcard in a principal but `*` alone for everyone. */
function invalidPrincipals(element: NonNullable<PolicyStatement['Principal']>): string[] {
  const lists = principalLists(element)
  const wrongArns = lists.AWS.filter(
    (name) =>
      name !== '*' && !ACCOUNT_OR_ID.test(name) && !principalAccount(name) && !PRINCIPAL_ARN.test(name),
  )
  const wrongServices = lists.Service.filter((name) => !/^[\w-]+(?:\.[\w-]+)+$/.test(name))
  const wrongProviders = lists.Federated.filter((name) => /[*?]/.test(name) || !/[.:]/.test(name))
  const empty = element !== '*' && Object.values(lists).every((names) => names.length === 0)
  return [
    ...wrongArns.map((name) => `"AWS":"${name}"`),
    ...wrongServices.map((name) => `"SERVICE":"${name}"`),
    ...wrongProviders.map((name) => `"FEDERATED":"${name}"`),
    ...(empty ? ['{}'] : []),
  ]
}

const ACTION = /^(?:\*|[\w*?-]+:[\w*?]+)$/
const TRUST_ACTION = /^(?:\*|sts:[\w*?]+)$/i

function checkActions(statement: PolicyStatement, kind: PolicyKind): string[] {
  const actions = listOf(statement.Action ?? statement.NotAction)
  if (actions.length === 0) return ['Policy statement must contain actions.']
  if (actions.some((action) => !ACTION.test(action)))
    return ['Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.']
  if (kind === 'trust' && actions.some((action) => !TRUST_ACTION.test(action)))
    return ['AssumeRole policy may only specify STS AssumeRole actions.']
  if (kind === 'key' && actions.some((action) => action !== '*' && !/^kms:/i.test(action)))
    return ['A key policy may only specify KMS actions.']
  if (kind === 'repository' && actions.some((action) => action !== '*' && !/^ecr:/i.test(action)))
    return ['A repository policy may only specify ECR actions.']
  return []
}

const RESOURCE_ARN = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:.+$/s

/** AWS: the policy of a role, and that of an image repository, can only mean the role or the repository itself. */
function checkResources(statement: PolicyStatement, kind: PolicyKind): string[] {
  const element = statement.Resource ?? statement.NotResource
  if (kind === 'trust' || kind === 'repository')
    return element === undefined ? [] : ['Has prohibited field Resource']
  const resources = listOf(element)
  if (resources.length === 0) return ['Policy statement must contain resources.']
  const wrong = resources.filter(
    (name) => name !== '*' && !RESOURCE_ARN.test(name) && !/^arn:.*\*$/.test(name),
  )
  const early = resources.filter(
    (name) =>
      name.includes('${') &&
      name
        .split(':')
        .slice(0, 5)
        .some((part) => part.includes('${')),
  )
  return [
    ...wrong.map((name) => `Resource ${name} must be in ARN format or "*".`),
    ...early.map(
      (name) => `Resource ${name} has a policy variable before the fifth colon, where none may stand.`,
    ),
  ]
}

function checkConditions(statement: PolicyStatement): string[] {
  return Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) => {
    if (Object.keys(keys).length === 0) return [`Condition "${operator}" names no key.`]
    return Object.entries(keys).flatMap(([key, values]) =>
      checkValues(operator, key, listOf(values).map(String)),
    )
  })
}

function checkValues(operator: string, key: string, values: readonly string[]): string[] {
  if (values.length === 0) return [`Condition "${operator}" has no value for "${key}".`]
  const parsed = parseOperator(operator).operator
  const name = parsed === 'Null' ? 'Null' : parsed.name
  const isBoolean = name === 'Null' || name === 'Bool'
  const wrong = isBoolean ? values.filter((value) => !/^(?:true|false|\$\{.*\})$/i.test(value)) : []
  return wrong.map((value) => `Condition "${operator}" wants "true" or "false" for "${key}", not "${value}".`)
}

/** AWS: an RCP denies everyone, by name, actions of the services that support RCPs; conditions pick out whom. */
function checkResourceControl(statement: PolicyStatement, kind: PolicyKind): string[] {
  if (kind !== 'rcp') return []
  const problems: string[] = []
  if (statement.Effect !== 'Deny') problems.push('A resource control policy can only deny.')
  if (statement.Principal !== '*') problems.push('The principal of a resource control policy must be "*".')
  if (statement.NotAction !== undefined) problems.push('A resource control policy cannot have NotAction.')
  const wrong = listOf(statement.Action).filter(
    (action) => !supportsResourceControl((action.split(':')[0] ?? '').toLowerCase()),
  )
  return [
    ...problems,
    ...wrong.map((action) => `"${action}" names no service that supports resource control policies.`),
  ]
}

const VARIABLE = /\$\{([^{}]*)\}/g

/** AWS: a variable names a condition key, `service:name`; anything else never has a value. */
function checkVariables(statement: PolicyStatement): string[] {
  const values = Object.values(statement.Condition ?? {}).flatMap((keys) =>
    Object.values(keys).flatMap(listOf),
  )
  const texts = [...listOf(statement.Resource ?? statement.NotResource), ...values.map(String)].filter(
    (text) => text.includes('${'),
  )
  const names = texts.flatMap((text) => [...text.matchAll(VARIABLE)].map(([, name = '']) => name))
  const unknown = names.filter((name) => !['*', '?', '$'].includes(name) && !name.includes(':'))
  return unknown.map((name) => `The policy variable \${${name}} names no condition key.`)
}
