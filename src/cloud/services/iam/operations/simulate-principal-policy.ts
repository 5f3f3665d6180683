/** iam:SimulatePrincipalPolicy and iam:SimulateCustomPolicy, decided by the evaluator that also decides in earnest. */
import {
  type Caller,
  type CompiledPolicy,
  type Decision,
  evaluate,
  PolicySyntaxError,
  policyName,
  type StatementReason,
} from '../../../../iam/index.ts'
import {
  type Arn,
  AwsError,
  type PolicyStatement,
  parseArn,
  rootArn,
  supposedPolicy,
} from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import { compiledPolicy } from '../../../kernel/compiled-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { page } from '../engine/page.ts'

type SimulateInput = Omit<Input<'iam', 'SimulatePrincipalPolicy'>, 'PolicySourceArn'>

/**
 * Tells what a user or role may do, with further policies as if they were attached.
 * Errors: NoSuchEntity, InvalidInput.
 */
export const SimulatePrincipalPolicy = operation({
  service: 'iam',
  name: 'SimulatePrincipalPolicy',
  access: ({ PolicySourceArn }) => [{ action: 'iam:SimulatePrincipalPolicy', resource: PolicySourceArn }],
  run: (input, ctx) => {
    const source = callerFor(ctx, input.PolicySourceArn)
    const more = compileList(input.PolicyInputList, 'PolicyInputList')
    const caller = {
      ...source,
      identityPolicies: [...source.identityPolicies, ...more],
      boundary: boundaryOf(input) ?? source.boundary,
    }
    return simulate(input, caller, { isMember: ctx.cloud.organization !== undefined })
  },
})

/** Tells what policies would allow that are attached to nobody yet. Errors: InvalidInput. */
export const SimulateCustomPolicy = operation({
  service: 'iam',
  name: 'SimulateCustomPolicy',
  access: () => [{ action: 'iam:SimulateCustomPolicy', resource: '*' }],
  run: (input, ctx) => {
    const arn = input.CallerArn ?? `${rootArn(ctx.account).replace(/root$/, '')}user/simulated`
    return simulate(input, {
      kind: 'user',
      account: ctx.account,
      arn,
      principalArn: arn,
      identityPolicies: compileList(input.PolicyInputList, 'PolicyInputList'),
      boundary: boundaryOf(input),
    })
  },
})

function callerFor(ctx: Context, arn: Arn): Caller {
  const kind = arn.includes(':role/') ? 'role' : 'user'
  const { directory } = ctx.cloud
  const userId = directory.principalId(arn)
  const account = arn.split(':')[4] ?? ''
  const caller =
    userId === undefined || account !== ctx.account
      ? undefined
      : directory.caller({ kind, account, arn, principalArn: arn, userId })
  if (caller) return { ...caller, ...organizationLimits(ctx, account) }
  throw new AwsError('NoSuchEntity', `The entity with ARN ${arn} cannot be found.`, { status: 404 })
}

/** AWS: the policies of the organization above the account count as well, unless it is the management account. */
const organizationLimits = ({ cloud }: Context, account: string): Partial<Caller> => {
  const serviceControlPolicies = cloud.organization?.membership(account)?.serviceControlPolicies
  return serviceControlPolicies ? { serviceControlPolicies } : {}
}

function compileList(texts: readonly string[] = [], label: string): CompiledPolicy[] {
  try {
    return texts.map((text, index) => compiledPolicy(text, supposedPolicy(`${label}.${index + 1}`)))
  } catch (error) {
    if (!(error instanceof PolicySyntaxError) && !(error instanceof SyntaxError)) throw error
    throw new AwsError('InvalidInput', `Invalid Input in ${label}: ${error.message}`)
  }
}

const boundaryOf = ({ PermissionsBoundaryPolicyInputList }: SimulateInput): CompiledPolicy | undefined =>
  compileList(PermissionsBoundaryPolicyInputList, 'PermissionsBoundaryPolicyInputList')[0]

function simulate(input: SimulateInput, caller: Caller, { isMember = false } = {}) {
  refuseUnsupported(input, ['ResourceHandlingOption'])
  const resourcePolicy =
    input.ResourcePolicy === undefined ? undefined : compileList([input.ResourcePolicy], 'ResourcePolicy')[0]
  const context = Object.fromEntries(
    (input.ContextEntries ?? []).map((entry) => [entry.ContextKeyName ?? '', contextValue(entry)]),
  )
  const resourceAccount = /\d{12}/.exec(input.ResourceOwner ?? '')?.[0] ?? caller.account
  const missing = missingKeys([...caller.identityPolicies, caller.boundary, resourcePolicy], context)
  const results = input.ActionNames.flatMap((action) =>
    (input.ResourceArns ?? ['*']).map((resource) => {
      const decision = evaluate({ caller, action, resource, resourceAccount, resourcePolicy, context })
      return result({ action, resource, decision, caller, missing, isMember })
    }),
  )
  const { items, rest } = page(input, results)
  return { EvaluationResults: items, ...rest }
}

function contextValue(entry: { ContextKeyType?: string; ContextKeyValues?: string[] }): string | string[] {
  const values = entry.ContextKeyValues ?? []
  return entry.ContextKeyType?.endsWith('List') ? values : (values[0] ?? '')
}

/** Keys that follow from caller and resource. */
const DERIVED = /^aws:(principal(arn|account|type|isawsservice)|username|userid|resourceaccount)$/

/** Gives the condition keys that the policies ask for and the request does not bring. */
function missingKeys(
  policies: readonly (CompiledPolicy | undefined)[],
  context: Readonly<Record<string, unknown>>,
): string[] {
  const given = new Set(Object.keys(context).map((key) => key.toLowerCase()))
  const asked = policies
    .flatMap((policy) => (policy ? ([policy.document.Statement].flat() as PolicyStatement[]) : []))
    .flatMap((statement) => Object.values(statement.Condition ?? {}).flatMap((keys) => Object.keys(keys)))
  return [...new Set(asked)].filter(
    (key) => !given.has(key.toLowerCase()) && !DERIVED.test(key.toLowerCase()),
  )
}

interface Outcome {
  readonly action: string
  readonly resource: Arn
  readonly decision: Decision
  readonly caller: Caller
  readonly missing: string[]
  /** Whether the caller's account belongs to an organization. */
  readonly isMember: boolean
}

function result({ action, resource, decision, caller, missing, isMember }: Outcome) {
  return {
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision: decision.effect,
    MatchedStatements: decision.decidedBy.map((reason) => ({
      SourcePolicyId: reason.policy.arn ?? reason.policy.name ?? policyName(reason.policy),
      SourcePolicyType: sourceType(reason, caller),
    })),
    MissingContextValues: missing,
    ...(isMember
      ? { OrganizationsDecisionDetail: { AllowedByOrganizations: !isByOrganization(decision) } }
      : {}),
    ...(caller.boundary
      ? {
          PermissionsBoundaryDecisionDetail: {
            AllowedByPermissionsBoundary: decision.missing !== 'permissions boundary',
          },
        }
      : {}),
  }
}

const isByOrganization = ({ decidedBy, missing }: Decision): boolean =>
  [missing, decidedBy[0]?.policyType].includes('service control policy')

function sourceType({ policy, policyType }: StatementReason, caller: Caller) {
  if (policyType === 'resource-based policy') return 'resource' as const
  if (policy.arn !== undefined)
    return parseArn(policy.arn)?.account === 'aws' ? ('aws-managed' as const) : ('user-managed' as const)
  return caller.kind === 'role' ? ('role' as const) : ('user' as const)
}
