/** The emitted policies allow every need, and none of their Allow statements can go without some need being denied. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadFleet } from '../src/fleet/index.ts'
import { type CompiledPolicy, compile, evaluate } from '../src/iam/index.ts'
import {
  type AssemblyStack,
  type Need,
  type PolicyDocument,
  type PolicyStatement,
  parseArn,
  supposedPolicy,
} from '../src/model/index.ts'
import { synthesize } from '../src/synth/index.ts'
import { FLEETS } from './synth-fleets.ts'

/** A policy of a template, found by what it is attached to. */
interface FoundPolicy {
  readonly kind: 'identity' | 'trust' | 'bucket' | 'key' | 'bus'
  readonly owner: string
  readonly document: PolicyDocument
}

const KEY_ID = '00000000-0000-0000-0000-000000000000'

/** Gives a value as it stands after deployment: references become the ids they stand for. */
function deployed(value: unknown, stack: AssemblyStack): unknown {
  if (Array.isArray(value)) return value.map((one) => deployed(one, stack))
  if (typeof value !== 'object' || value === null) return value
  if ('Ref' in value) {
    const from = stack.parametersFrom[String(value.Ref)]
    if (!from) return value
    const { account, region } = from.target
    return from.output === 'KeyArn'
      ? `arn:aws:kms:${region}:${account}:key/${KEY_ID}`
      : `arn:aws:codestar-connections:${region}:${account}:connection/x`
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, deployed(one, stack)]))
}

function policiesOf(stack: AssemblyStack): FoundPolicy[] {
  const { account, region } = stack.target
  const resources = Object.values(stack.template.Resources)
  const bucket = resources.find(({ Type }) => Type === 'AWS::S3::Bucket')?.Properties?.BucketName
  return resources.flatMap(({ Type, Properties = {} }): FoundPolicy[] => {
    const read = (document: unknown) => deployed(document, stack) as PolicyDocument
    if (Type === 'AWS::IAM::Role') {
      const owner = `arn:aws:iam::${account}:role${Properties.Path}${Properties.RoleName}`
      const inline = (Properties.Policies ?? []) as { PolicyDocument: unknown }[]
      return [
        { kind: 'trust', owner, document: read(Properties.AssumeRolePolicyDocument) },
        ...inline.map(
          ({ PolicyDocument: one }): FoundPolicy => ({ kind: 'identity', owner, document: read(one) }),
        ),
      ]
    }
    if (Type === 'AWS::S3::BucketPolicy')
      return [{ kind: 'bucket', owner: `arn:aws:s3:::${bucket}`, document: read(Properties.PolicyDocument) }]
    if (Type === 'AWS::Events::EventBusPolicy')
      return [
        {
          kind: 'bus',
          owner: `arn:aws:events:${region}:${account}:event-bus/default`,
          document: read({ Version: '2012-10-17', Statement: [Properties.Statement] }),
        },
      ]
    if (Type === 'AWS::KMS::Key')
      return [
        {
          kind: 'key',
          owner: `arn:aws:kms:${region}:${account}:key/${KEY_ID}`,
          document: read(Properties.KeyPolicy),
        },
      ]
    return []
  })
}

const statements = (document: PolicyDocument) => document.Statement as readonly PolicyStatement[]

const compiled = ({ document, owner }: FoundPolicy): CompiledPolicy =>
  compile(JSON.stringify(document), supposedPolicy(owner))

/** AWS: what no policy can hold to a resource, by the Service Authorization Reference and the pages of these. */
const ON_NOTHING: ReadonlySet<string> = new Set([
  ...(JSON.parse(readFileSync('tests/cases/permissions/authorization.json', 'utf8')) as Authorized[])
    .filter(({ arns }) => !arns.length)
    .flatMap(({ actions }) => actions),
  'codepipeline:PutJobFailureResult',
  'codepipeline:PutJobSuccessResult',
  'ecr:GetAuthorizationToken',
  'ecs:ListTasks',
  'ecs:RegisterTaskDefinition',
  'lambda:ListFunctions',
])

interface Authorized {
  readonly arns: readonly string[]
  readonly actions: readonly string[]
}

/** Makes a pattern a name: what is only known at run time is taken for x. */
const concrete = (text: string) =>
  text
    .replace(/key\/\*$/, `key/${KEY_ID}`)
    .replace(/\*+/g, 'x')
    .replaceAll('?', 'x')

/** Whether the policies let a need through. */
function allows(
  need: Need,
  policies: readonly FoundPolicy[],
  fleet: { alias: string; hub: string; home: string },
): boolean {
  const resource = concrete(need.resource)
  const service = need.principal.startsWith('arn:') ? undefined : need.principal
  const account = service ? '' : parseArn(need.principal)!.account
  const { service: of, account: owner } = parseArn(resource) ?? { service: '', account: '' }
  const kind =
    need.action === 'sts:AssumeRole' ? 'trust' : of === 'kms' ? 'key' : of === 'events' ? 'bus' : 'bucket'
  const attached = policies.find(
    (one) => one.kind === kind && (resource === one.owner || resource.startsWith(`${one.owner}/`)),
  )
  const context = Object.fromEntries(
    Object.entries(need.context ?? {}).map(([key, value]) => [
      key,
      typeof value === 'string' ? concrete(value) : value,
    ]),
  )
  const decision = evaluate({
    caller: {
      kind: service ? 'service' : 'role',
      account,
      arn:
        service ??
        `${need.principal.replace(':iam:', ':sts:').replace(/role\/.*\//, 'assumed-role/')}/session`,
      principalArn: need.principal,
      service,
      identityPolicies: policies
        .filter((one) => one.kind === 'identity' && one.owner === need.principal)
        .map(compiled),
    },
    action: need.action,
    resource,
    resourceAccount: owner || (attached ? fleet.hub : account),
    resourcePolicy: attached && compiled(attached),
    context: {
      'aws:SecureTransport': 'true',
      ...(of === 'kms' && { 'kms:ResourceAliases': [fleet.alias] }),
      ...(need.action === 's3:PutObject' && {
        's3:x-amz-server-side-encryption': 'aws:kms',
        's3:x-amz-server-side-encryption-aws-kms-key-id': `arn:aws:kms:${fleet.home}:${fleet.hub}:key/${KEY_ID}`,
      }),
      ...context,
    },
  })
  return decision.effect === 'allowed'
}

/** What the fleet file itself lets a role do has no name. */
const isWritten = ({ Sid }: PolicyStatement): boolean => Sid === undefined

/** Who drops sources is a user, or comes with tokens: nobody whom a pipeline acts as. */
const isForOutsiders = ({ Principal }: PolicyStatement): boolean =>
  /:user\/|:oidc-provider\//.test(JSON.stringify(Principal ?? ''))

describe.each(Object.entries(FLEETS))('the policies of %s', async (_name, file) => {
  const fleet = await loadFleet(file)
  const { waves, pipelines } = synthesize(fleet)
  const policies = waves.flat().flatMap(policiesOf)
  // What a pipeline's own update takes is told beside, since no action of the declaration tells it.
  const updates = pipelines.flatMap(({ others = [] }) => others.filter(({ stage }) => stage === 'Update'))
  const needs = [...pipelines, ...updates].flatMap((one) => one.needs)
  const world = {
    alias: `alias/${fleet.iam.prefix}-${fleet.name}`,
    hub: fleet.hub.account,
    home: fleet.hub.region,
  }

  test('allow every need', () => {
    const denied = needs.filter((need) => !allows(need, policies, world))
    expect(denied).toEqual([])
  })

  const allowing = policies.flatMap((found) =>
    statements(found.document)
      .filter(
        (one) =>
          one.Effect === 'Allow' &&
          one.Sid !== 'AdministerFromTheHub' &&
          !isForOutsiders(one) &&
          !isWritten(one),
      )
      .map((statement) => ({
        found,
        statement,
        title: `${found.kind} policy of ${found.owner}, ${statement.Sid}`,
      })),
  )

  test.each(allowing)('would not do without: $title', ({ found, statement }) => {
    const without = policies.map((one) =>
      one === found
        ? {
            ...one,
            document: {
              ...one.document,
              Statement: statements(one.document).filter((other) => other !== statement),
            },
          }
        : one,
    )
    expect(needs.some((need) => !allows(need, without, world))).toBe(true)
  })

  test('name no wildcard for a role, and none alone for a resource', () => {
    const wide = policies
      .filter(({ kind }) => kind === 'identity')
      .flatMap(({ document }) => statements(document).filter((one) => !isWritten(one)))
      .filter(({ Action, Resource }) => {
        const resources = [Resource ?? []].flat()
        const roles = [Action ?? []].flat().some((one) => /AssumeRole|PassRole/.test(one))
        return (
          (resources.includes('*') && ![Action ?? []].flat().every((one) => ON_NOTHING.has(one))) ||
          (roles && resources.some((one) => /role\/\*|role\/crossdock\/\*/.test(one)))
        )
      })
    expect(wide).toEqual([])
  })
})
