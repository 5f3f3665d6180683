/** The permissions that a template gives, each call on each resource by itself, so that two templates can be compared. */
import {
  entryOf,
  type PolicyDocument,
  type PolicyStatement,
  type TemplateResource,
} from '../../model/index.ts'
import { nameOf, plainTexts } from './plain-value.ts'
import type { Version } from './resource-changes.ts'

/** One call that somebody may make, or may not, with all that it hangs on. */
export interface Permission {
  /** Logical id of the resource that gives it. */
  readonly id: string
  /** `the role crossdock-acme-web-deploy`: who may, or in whose policy it stands. */
  readonly subject: string
  /** `identity`: the subject may. `trust`: it may be assumed. `resource`: it lets others. */
  readonly kind: 'identity' | 'trust' | 'resource'
  readonly effect: 'Allow' | 'Deny'
  /** Who, where it stands in a policy of a resource. */
  readonly principal?: string
  readonly action: string
  readonly resource: string
  /** The conditions, as text. */
  readonly when: string
}

/** Types with a policy of their own that speaks of others: where it stands, and on what. */
const ON_RESOURCES: Readonly<Record<string, { document: string; on: string | undefined; noun: string }>> = {
  'AWS::ECR::Repository': { document: 'RepositoryPolicyText', on: undefined, noun: 'repository' },
  'AWS::Events::EventBusPolicy': { document: 'Statement', on: 'EventBusName', noun: 'event bus' },
  'AWS::KMS::Key': { document: 'KeyPolicy', on: undefined, noun: 'key' },
  'AWS::S3::BucketPolicy': { document: 'PolicyDocument', on: 'Bucket', noun: 'bucket' },
  'AWS::SNS::TopicPolicy': { document: 'PolicyDocument', on: 'Topics', noun: 'topic' },
  'AWS::SQS::QueuePolicy': { document: 'PolicyDocument', on: 'Queues', noun: 'queue' },
}

/** Gives every permission of a template. */
export const permissionsOf = (version: Version): Permission[] =>
  Object.entries(version.template.Resources).flatMap(([id, resource]) => ofResource(id, resource, version))

function ofResource(id: string, resource: TemplateResource, version: Version): Permission[] {
  const { Type, Properties = {} } = resource
  const on = entryOf(ON_RESOURCES, Type)
  if (on) {
    const named =
      on.on === undefined ? nameOf(id, resource) : plainTexts(Properties[on.on], version).join(', ')
    const subject = `the ${on.noun} ${named || 'default'}`
    return atoms({ id, subject, kind: 'resource' }, Properties[on.document], version)
  }
  if (Type === 'AWS::IAM::Role' || Type === 'AWS::IAM::User') {
    const subject = `the ${Type === 'AWS::IAM::Role' ? 'role' : 'user'} ${nameOf(id, resource)}`
    const inline = (Properties.Policies ?? []) as readonly { readonly PolicyDocument?: unknown }[]
    return [
      ...atoms({ id, subject, kind: 'trust' }, Properties.AssumeRolePolicyDocument, version),
      ...inline.flatMap((one) => atoms({ id, subject, kind: 'identity' }, one.PolicyDocument, version)),
      ...plainTexts(Properties.ManagedPolicyArns, version).map(
        (policy): Permission => ({
          ...{
            id,
            subject,
            kind: 'identity',
            effect: 'Allow',
            action: `what ${policy} allows`,
            resource: '*',
            when: '',
          },
        }),
      ),
    ]
  }
  if (Type !== 'AWS::IAM::ManagedPolicy' && Type !== 'AWS::IAM::Policy') return []
  const holders = [
    ...plainTexts(Properties.Roles, version).map((name) => `the role ${name}`),
    ...plainTexts(Properties.Users, version).map((name) => `the user ${name}`),
  ]
  return (holders.length ? holders : [`whoever has the policy ${nameOf(id, resource)}`]).flatMap((subject) =>
    atoms({ id, subject, kind: 'identity' }, Properties.PolicyDocument, version),
  )
}

function atoms(
  given: Pick<Permission, 'id' | 'subject' | 'kind'>,
  document: unknown,
  version: Version,
): Permission[] {
  if (typeof document !== 'object' || document === null) return []
  const { Statement = document as PolicyStatement } = document as Partial<PolicyDocument>
  return [Statement].flat().flatMap((statement) => {
    const {
      Effect: effect,
      Action,
      NotAction,
      Resource,
      NotResource,
      Condition,
    } = statement as PolicyStatement
    const actions = NotAction
      ? [`everything but ${plainTexts(NotAction, version).join(', ')}`]
      : plainTexts(Action, version)
    const resources = NotResource
      ? [`everything but ${plainTexts(NotResource, version).join(', ')}`]
      : given.kind === 'identity'
        ? plainTexts(Resource, version)
        : ['']
    const callers =
      given.kind === 'identity'
        ? [{ principal: undefined, when: conditionText(Condition, version) }]
        : callersOf(statement as PolicyStatement, version)
    return callers.flatMap(({ principal, when }) =>
      actions.flatMap((action) =>
        resources.map(
          (resource): Permission => ({
            ...{ ...given, effect, action, resource, when },
            ...(principal !== undefined && { principal }),
          }),
        ),
      ),
    )
  })
}

/**
 * Gives who is meant, each with the conditions. Where accounts are named and narrowed to principals of them, these are meant.
 * AWS: a principal is of one account, so that it can only come as that account's.
 */
function callersOf(
  statement: PolicyStatement,
  version: Version,
): { readonly principal: string; readonly when: string }[] {
  const principals = principalsOf(statement, version)
  const accounts = new Set(
    principals.flatMap((one) => /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(one)?.[1] ?? []),
  )
  const [narrowed, rest] = withoutPrincipals(statement.Condition ?? {})
  if (!narrowed || statement.NotPrincipal || accounts.size !== new Set(principals).size || !accounts.size)
    return principals.map((principal) => ({ principal, when: conditionText(statement.Condition, version) }))
  const when = conditionText(rest, version)
  return plainTexts(narrowed, version)
    .filter((arn) => accounts.has(arn.split(':')[4] ?? ''))
    .map((principal) => ({ principal, when }))
}

/** The one condition that names principals, where it says which they are, and the conditions without it. */
function withoutPrincipals(
  block: NonNullable<PolicyStatement['Condition']>,
): [narrowed: unknown, rest: PolicyStatement['Condition']] {
  const found = Object.entries(block).filter(([, keys]) => Object.hasOwn(keys, PRINCIPAL))
  const [operator = '', keys] = found[0] ?? []
  if (!keys || found.length > 1 || !/^(Arn|String)(Equals|Like)$/.test(operator)) return [undefined, block]
  const { [PRINCIPAL]: narrowed, ...others } = keys
  return [narrowed, { ...block, [operator]: others }]
}

const PRINCIPAL = 'aws:PrincipalArn'

function principalsOf({ Principal, NotPrincipal }: PolicyStatement, version: Version): string[] {
  const listed = (principal: PolicyStatement['Principal']): string[] =>
    typeof principal === 'string'
      ? ['anybody']
      : Object.values(principal ?? {}).flatMap((some) => plainTexts(some, version))
  if (NotPrincipal) return [`everybody but ${listed(NotPrincipal).join(', ')}`]
  return listed(Principal)
}

/** `StringEquals kms:ViaService s3.us-east-1.amazonaws.com and …`. */
const conditionText = (block: PolicyStatement['Condition'], version: Version): string =>
  Object.entries(block ?? {})
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(
        ([key, values]) =>
          `${operator} ${key} ${plainTexts(values, version).map(String).sort().join(' or ')}`,
      ),
    )
    .sort()
    .join(' and ')

/** What is given where it stands, without where in the template that is. */
export const permissionKey = (one: Permission): string =>
  [one.subject, one.kind, one.effect, one.principal ?? '', one.when, one.action, one.resource].join('\n')
