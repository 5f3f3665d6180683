/** Whether IAM takes a policy document, with IAM's own words where it does not. */

import { compile, PolicySyntaxError } from '../../../../iam/index.ts'
import {
  AwsError,
  type OneOrMany,
  type PolicyDocument,
  type PolicyPrincipal,
  type PolicyStatement,
  readJson,
  supposedPolicy,
} from '../../../../model/index.ts'
import { type BoundPolicy, bindPolicy, unknownPrincipal } from '../../../kernel/bound-policy.ts'
import type { Directory } from '../../../kernel/identity.ts'

const malformed = (message: string) => new AwsError('MalformedPolicyDocument', message)

const list = <T>(value: OneOrMany<T> | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T]

/** Gives the number of characters that count against quotas. AWS: white space does not. */
export const countedSize = (text: string): number => text.replace(/\s/g, '').length

/**
 * Refuses what is no identity policy. AWS: an inline policy may be of the old version, which is the one that is meant
 * where none is given (reference_policies_elements_version.html); the policy templates of SAM give none.
 * Errors: MalformedPolicyDocument.
 */
export function checkIdentityPolicy(text: string, kind: 'inline' | 'managed' = 'managed'): void {
  const document = parse(text, 'Syntax errors in policy.')
  const statements = list(document.Statement)
  if (statements.length === 0) throw malformed('Syntax errors in policy.')
  for (const statement of statements) checkIdentityStatement(statement)
  const sids = statements.map((statement) => statement.Sid).filter((sid) => sid)
  if (new Set(sids).size < sids.length)
    throw malformed('Statement IDs (SID) in a single policy must be unique.')
  compiles(document, 'Syntax errors in policy.')
  if (kind === 'managed' && document.Version !== '2012-10-17')
    throw malformed('Policy document must be version 2012-10-17 or greater.')
}

function checkIdentityStatement(statement: PolicyStatement): void {
  if (typeof statement !== 'object' || statement === null) throw malformed('Syntax errors in policy.')
  if (statement.Principal !== undefined || statement.NotPrincipal !== undefined)
    throw malformed('Policy document should not specify a principal.')
  const actions = list(statement.Action ?? statement.NotAction)
  const resources = list(statement.Resource ?? statement.NotResource)
  if (actions.length === 0) throw malformed('Policy statement must contain actions.')
  if (resources.length === 0) throw malformed('Policy statement must contain resources.')
  for (const action of actions) checkAction(action)
  for (const resource of resources) checkResource(resource)
  if (statement.Sid !== undefined && !/^[0-9A-Za-z]*$/.test(statement.Sid))
    throw malformed(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    )
}

function checkAction(action: string): void {
  if (typeof action !== 'string') throw malformed('Syntax errors in policy.')
  if (action === '*') return
  const [vendor = '', ...rest] = action.split(':')
  if (rest.length === 0)
    throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.')
  if (rest.length > 1) throw malformed('Actions/Condition can contain only one colon.')
  if (!/^[a-zA-Z0-9-]+$/.test(vendor)) throw malformed(`Vendor ${vendor} is not valid`)
}

function checkResource(resource: string): void {
  if (typeof resource !== 'string') throw malformed('Syntax errors in policy.')
  if (resource === '*' || /^\$\{[^}]+\}$/.test(resource)) return
  const [arn, partition = '', vendor = '', ...rest] = resource.split(':')
  if (arn !== 'arn' && arn !== '*') throw malformed(`Resource ${resource} must be in ARN format or "*".`)
  if (partition !== '*' && !/^aws[a-z-]*$|\*|\$\{/.test(partition))
    throw malformed(`Partition "${partition}" is not valid for resource "${resource}".`)
  if (rest.length < 3 && !resource.includes('*')) throw malformed('The policy failed legacy parsing')
  if (vendor === 'iam' && rest[0] !== undefined && rest[0] !== '' && rest[0] !== '*')
    throw malformed(`IAM resource ${resource} cannot contain region information.`)
}

const TRUST_FIELDS = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Condition']
const SERVICE_PRINCIPAL = /^[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal)$/
const TRUST_LIMIT = 2_048

/**
 * Gives a role's trust policy bound to its principals.
 * AWS: every principal must exist.
 * Errors: MalformedPolicyDocument, LimitExceeded.
 */
export function trustPolicy(text: string, directory: Directory): BoundPolicy {
  const document = parse(text, 'This policy contains invalid Json')
  const statements = list(document.Statement)
  if (statements.length === 0) throw malformed('Missing required field Statement')
  for (const statement of statements) checkTrustStatement(statement)
  compiles(document, 'Syntax errors in policy.')
  const stranger = unknownPrincipal(document, directory)
  if (stranger !== undefined) throw malformed(`Invalid principal in policy: "AWS":"${stranger}"`)
  if (countedSize(text) > TRUST_LIMIT)
    throw new AwsError('LimitExceeded', `Cannot exceed quota for ACLSizePerRole: ${TRUST_LIMIT}`, {
      status: 409,
    })
  return bindPolicy(text, directory)
}

function checkTrustStatement(statement: PolicyStatement): void {
  if (typeof statement !== 'object' || statement === null) throw malformed('Syntax errors in policy.')
  for (const field of ['Resource', 'NotResource'] as const)
    if (statement[field] !== undefined) throw malformed(`Has prohibited field ${field}`)
  const unknown = Object.keys(statement).find((field) => !TRUST_FIELDS.includes(field))
  if (unknown !== undefined) throw malformed(`Unknown field ${unknown}`)
  if (statement.Effect === undefined) throw malformed('Missing required field Effect')
  if (statement.Principal === undefined && statement.NotPrincipal === undefined)
    throw malformed('Missing required field Principal')
  const actions = list(statement.Action ?? statement.NotAction)
  if (actions.length === 0) throw malformed('Missing required field Action')
  if (!actions.every((action) => /^sts:/i.test(action)))
    throw malformed('AssumeRole policy may only specify STS AssumeRole actions.')
  checkServices(statement.Principal)
}

function checkServices(principal: PolicyPrincipal | undefined): void {
  if (typeof principal !== 'object') return
  const wrong = list(principal.Service).find((name) => !SERVICE_PRINCIPAL.test(name))
  if (wrong !== undefined) throw malformed(`Invalid principal in policy: "SERVICE":"${wrong}"`)
}

function parse(text: string, otherwise: string): PolicyDocument {
  try {
    const document: unknown = readJson(text)
    if (typeof document === 'object' && document !== null && !Array.isArray(document))
      return document as PolicyDocument
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw malformed(otherwise)
}

function compiles(document: PolicyDocument, otherwise: string): void {
  try {
    compile(document, supposedPolicy(''))
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw malformed(otherwise)
    throw error
  }
}
