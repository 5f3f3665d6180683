/** Runs the policy decisions that stand as data under `iam/`, in folders named for the situation. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  type AuthorizationRequest,
  type Caller,
  compile,
  evaluate,
  explain,
  suggest,
} from '../../src/iam/index.ts'
import {
  type PolicyDocument,
  parseArn,
  type PolicyStatement,
  roleArnOfSession, managedPolicyRef, resourcePolicyOf, supposedPolicy } from '../../src/model/index.ts'

const ROOT = join(import.meta.dirname, 'iam')

const statement = z.record(z.string(), z.unknown())
/** A whole document, or its statements alone (then its version is 2012-10-17). */
const policy = z.union([
  z.array(statement),
  z.strictObject({ label: z.string().optional(), document: statement }),
])
const levels = z.array(z.array(policy))

const fields = {
  /** The AWS rule that the case comes from. */
  rule: z.string().min(10),
  /** An ARN (user, root, role session), a service principal, `anonymous`, or `federated <provider>`. */
  caller: z.string(),
  /** The role's ARN, when the session's ARN does not tell its path. */
  role: z.string().optional(),
  canonicalUser: z.string().optional(),
  action: z.string().regex(/^[\w-]+:\w+$/),
  resource: z.string(),
  resourceAccount: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  /** Short for an identity policy that allows the action everywhere under this condition. */
  condition: z.record(z.string(), z.unknown()).optional(),
  identity: z.array(policy).optional(),
  boundary: policy.optional(),
  session: z.array(policy).optional(),
  serviceControl: levels.optional(),
  resourceControl: levels.optional(),
  resourcePolicy: policy.optional(),
  grants: z
    .array(
      z.strictObject({
        id: z.string(),
        granteePrincipal: z.string(),
        retiringPrincipal: z.string().optional(),
        operations: z.array(z.string()),
        encryptionContextEquals: z.record(z.string(), z.string()).optional(),
        encryptionContextSubset: z.record(z.string(), z.string()).optional(),
      }),
    )
    .optional(),
  publicAccessBlock: z
    .strictObject({ blockPublicPolicy: z.boolean(), restrictPublicBuckets: z.boolean() })
    .optional(),
  sameOrganization: z.boolean().optional(),
  resourceInWords: z.string().optional(),
  context: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
  expect: z.enum(['allowed', 'explicitDeny', 'implicitDeny']),
  /** `policy type: Sid or place`, `identity-based policy: 0`. */
  decidedBy: z.array(z.string()).optional(),
  missing: z.string().optional(),
  message: z.string().optional(),
}

const caseSchema = z.strictObject({ name: z.string(), ...fields })
const partial = z.strictObject(fields).partial()
/** An array of cases, or cases with what they have in common. */
const fileSchema = z.union([
  z.array(z.record(z.string(), z.unknown())).min(1),
  z.strictObject({ base: partial, cases: z.array(z.record(z.string(), z.unknown())).min(1) }),
])

type Case = z.infer<typeof caseSchema>
type Policy = z.infer<typeof policy>

/** Policies that AWS names in messages are given by their ARN; those of resources by the resource's. */
function refOf(label: string, role: string) {
  if (!parseArn(label)) return supposedPolicy(label)
  return role === 'resource' ? resourcePolicyOf(label) : managedPolicyRef(label)
}

function compilePolicy(value: Policy, label: string) {
  if (Array.isArray(value))
    return compile({ Version: '2012-10-17', Statement: value as unknown as PolicyStatement[] }, supposedPolicy(label))
  return compile(value.document as unknown as PolicyDocument, refOf(value.label ?? label, label))
}

const compileAll = (values: readonly Policy[] | undefined, label: string) =>
  (values ?? []).map((value, index) => compilePolicy(value, values!.length > 1 ? `${label} ${index}` : label))

const compileLevels = (values: readonly (readonly Policy[])[] | undefined, label: string) =>
  values?.map((level) => compileAll(level, label))

function identityPolicies(one: Case) {
  const policies = compileAll(one.identity, 'identity')
  if (!one.condition) return policies
  const allow = { Effect: 'Allow', Action: one.action, Resource: '*', Condition: one.condition }
  return [...policies, compilePolicy([allow], 'condition')]
}

function callerOf(one: Case): Caller {
  const limits = {
    identityPolicies: identityPolicies(one),
    boundary: one.boundary && compilePolicy(one.boundary, 'boundary'),
    sessionPolicies: one.session && compileAll(one.session, 'session'),
    serviceControlPolicies: compileLevels(one.serviceControl, 'scp'),
    canonicalUser: one.canonicalUser,
  }
  const { caller } = one
  if (caller === 'anonymous') return { kind: 'anonymous', account: '', arn: '', principalArn: '', ...limits }
  if (caller.startsWith('federated '))
    return {
      kind: 'anonymous',
      account: '',
      arn: '',
      principalArn: '',
      federated: caller.slice(10),
      ...limits,
    }
  const parts = parseArn(caller)
  if (!parts) return { kind: 'service', account: '', arn: '', principalArn: '', service: caller, ...limits }
  const kind = parts.service === 'sts' ? 'role' : parts.resource === 'root' ? 'root' : 'user'
  const principalArn = one.role ?? roleArnOfSession(caller)
  return { kind, account: parts.account, arn: caller, principalArn, ...limits }
}

function requestOf(one: Case): AuthorizationRequest {
  return {
    caller: callerOf(one),
    action: one.action,
    resource: one.resource,
    resourceAccount: one.resourceAccount,
    resourcePolicy: one.resourcePolicy && compilePolicy(one.resourcePolicy, 'resource'),
    resourceControlPolicies: compileLevels(one.resourceControl, 'rcp'),
    grants: one.grants,
    publicAccessBlock: one.publicAccessBlock,
    sameOrganization: one.sameOrganization,
    resourceInWords: one.resourceInWords,
    context: one.context,
  }
}

function readCases(file: string): Case[] {
  const content = fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const [base, cases] = Array.isArray(content) ? [{}, content] : [content.base, content.cases]
  return cases.map((one) => caseSchema.parse({ ...base, ...one }))
}

const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .sort()

describe.each(files)('%s', (file) => {
  const cases = readCases(join(ROOT, file))

  it('names each case once', () => {
    expect(new Set(cases.map((one) => one.name)).size).toBe(cases.length)
  })

  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const request = requestOf(one)
    const decision = evaluate(request)
    expect(decision.effect, one.rule).toBe(one.expect)
    if (one.decidedBy)
      expect(decision.decidedBy.map((by) => `${by.policyType}: ${by.sid ?? by.index}`)).toEqual(one.decidedBy)
    if (one.missing) expect(decision.missing).toBe(one.missing)
    if (one.message !== undefined) expect(decision.message).toBe(one.message)
    expect(decision.message === '').toBe(decision.effect === 'allowed')
    expect(explain(request).decision).toEqual(decision)
    expect(suggest(request, decision).length > 0).toBe(decision.effect !== 'allowed')
  })
})

it('has cases for every situation', () => {
  const count = files.reduce((sum, file) => sum + readCases(join(ROOT, file)).length, 0)
  expect(count).toBeGreaterThanOrEqual(400)
})
