/** What S3 checks of a bucket policy before it takes it. */
import { bucketStatementProblem, principalsOf, validate } from '../../../../iam/index.ts'
import {
  AwsError,
  type OneOrMany,
  type PolicyDocument,
  type PolicyStatement,
  readJson,
} from '../../../../model/index.ts'
import type { Directory } from '../../../kernel/identity.ts'
import { bucketArn } from './find-bucket.ts'

const SIZE_LIMIT = 20 * 1024

const malformed = (message: string, fields: Record<string, unknown> = {}): AwsError =>
  new AwsError('MalformedPolicy', message, { fields })

const listOf = <T>(value: OneOrMany<T> | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T]

/** Errors: MalformedPolicy in S3's words, also for principals that do not exist. */
export function checkBucketPolicy(text: string, bucket: string, directory: Directory): void {
  if (Buffer.byteLength(text) > SIZE_LIMIT)
    throw malformed(`Policy document exceeds the maximum allowed size of ${SIZE_LIMIT}`)
  const policy = parse(text)
  const statements = listOf(policy.Statement)
  if (statements.length === 0) throw malformed('Could not parse the policy: Statement is empty!')
  for (const statement of statements) checkStatement(statement, bucket)
  const [problem] = validate(policy, 'resource')
  if (problem !== undefined) throw malformed(problem)
  checkPrincipals(policy, directory)
}

function parse(text: string): PolicyDocument {
  let policy: unknown
  try {
    policy = readJson(text)
  } catch {}
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy))
    throw malformed("Policies must be valid JSON and the first byte must be '{'")
  const statement = (policy as Partial<PolicyDocument>).Statement
  if (statement === undefined) throw malformed('Missing required field Statement')
  if (listOf(statement).some((one) => typeof one !== 'object' || one === null))
    throw malformed('Policy has invalid statement')
  return policy as PolicyDocument
}

function checkStatement(statement: PolicyStatement, bucket: string): void {
  const { Resource, NotResource, Action, NotAction, Principal, NotPrincipal } = statement
  const resources = listOf<unknown>(Resource ?? NotResource)
  const actions = listOf<unknown>(Action ?? NotAction)
  if (Principal === undefined && NotPrincipal === undefined)
    throw malformed('Missing required field Principal')
  if (actions.length === 0) throw malformed('Missing required field Action')
  if (resources.length === 0) throw malformed('Missing required field Resource')
  const problem = bucketStatementProblem(statement, bucketArn(bucket))
  if (problem !== undefined) throw malformed(problem)
}

/** AWS: every account, user and role that the policy names must exist. */
function checkPrincipals(policy: PolicyDocument, directory: Directory): void {
  for (const principal of principalsOf(policy).aws) {
    if (principal === '*' || directory.principalExists(principal)) continue
    throw malformed('Invalid principal in policy', { Detail: `"AWS" : "${principal}"` })
  }
}
