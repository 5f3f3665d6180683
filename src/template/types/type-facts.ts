/** What is known of one resource type beside its specification, told as data. */
import type { NameRule } from './names.ts'

/** What a resource is made, looked at, changed, removed and labelled with: IAM actions of each phase. */
export interface PhaseActions {
  readonly create?: readonly string[]
  readonly read?: readonly string[]
  readonly update?: readonly string[]
  readonly delete?: readonly string[]
  readonly tag?: readonly string[]
}

export interface PermissionGrant extends PhaseActions {
  /**
   * Pattern for the ARN that AWS authorizes the actions on: a shape whose `{Property}` is the name of what the property
   * refers to. `{key:Property}` is the whole ARN of the KMS key that a property tells, `{object:Property}` that of the S3
   * object. `*` alone stands where AWS authorizes the actions on no resource in particular, as most that list or describe.
   */
  readonly on: Shape
  /** Only when one of these properties is set; `Code.ImageUri` looks into one. */
  readonly when?: readonly string[]
  /** Not when one of these properties is set. */
  readonly unless?: readonly string[]
  /** Only when a property refers to a resource of this AWS service, or may do so. */
  readonly refers?: readonly [property: string, service: string]
  /** What the call carries that a policy may test. */
  readonly context?: Readonly<Record<string, string>>
  /** Why it is granted though no handler of the type declares it. */
  readonly undeclared?: string
  /** AWS goes on without it (`docs/decisions/0020-optional-needs.md`); evidence stands where it is set. */
  readonly optional?: true
}

/** Where the permissions of a type are written down, so that somebody else can hold them against it again. */
export interface Evidence {
  /** Address of the page that was read. */
  readonly source: string
  /** The state of it that was read: the commit of a copy, or the day. */
  readonly read: string
}

/** What must hold of which properties are given. */
export interface PropertyRule {
  /** One of them at least; the first not beside another; the first exactly where there is another; each member a scalar. */
  readonly needs: 'one' | 'not both' | 'together' | 'scalars'
  readonly of: readonly string[]
  /** The property whose members they are; the resource itself where absent. */
  readonly within?: string
  /** What AWS says otherwise; `{member}` is the one that is wrong. */
  readonly message: string
}

/** How a resource of one type is known to others, before it is made. */
export interface Identity {
  readonly name?: NameRule
  readonly arn?: Shape
  /** What `Ref` gives, where that is not what the specification's one identifier names. */
  readonly ref?: Shape
  /** What `Fn::GetAtt` gives; `Arn` is the ARN where nothing else is said. */
  readonly attributes?: Readonly<Record<string, Shape>>
  /** What stands for it in the ARN of another resource, where that is not its name alone: `{FunctionName}:{Name}`. */
  readonly referred?: Shape
  /** What must hold of its properties beside the specification. */
  readonly rules?: readonly PropertyRule[]
  /** Properties that force replacement beyond those the specification names. */
  readonly replacedBy?: readonly string[]
}

/**
 * A text with places in braces. `{account}`, `{region}`, `{partition}` and `{suffix}` (of URLs) are the stack's, `{name}`
 * is the physical name, `{/name}` the same behind one slash, `{arn}` the ARN, `{made-up}` what AWS makes up and nobody knows before, `{Property}` what that
 * property says: `{Cluster after / or default}` is what follows the last slash of it, or `default` where it is left out.
 */
export type Shape = string

/** What CloudFormation's handlers of one type call. */
export interface HandlerCalls extends Evidence {
  /**
   * False for a type that CloudFormation puts none of its own `aws:cloudformation:` tags on: what labels it is then needed
   * only where the template or the whole stack has tags. AWS: `cloudFormationSystemTags` of the type's registry schema.
   */
  readonly systemTags?: false
  /** The property with its tags, where that is not `Tags`. */
  readonly tagProperty?: string
  readonly grants: readonly PermissionGrant[]
  /** Properties that hand a role over, and the service that gets it; `Targets[].RoleArn` looks into a list. */
  readonly passes?: Readonly<Record<string, string>>
  /** Whether the handlers look at the roles that they pass on. */
  readonly looksAtRoles?: true
  /** What it takes beside this that only another template tells: the type is reported as not wholly known. */
  readonly open?: string
}

/** A type of which both is known. */
export interface HandledType extends Identity, HandlerCalls {}

export type TypeFacts = Identity & Partial<HandlerCalls>

export type TypeTable = Readonly<Record<string, TypeFacts>>

/** Public copies of AWS's registry schemas, by the repository that keeps them. */
const COPIES = {
  pulumi: (type: string) =>
    `pulumi/pulumi-aws-native/blob/*/aws-cloudformation-schema/${type.toLowerCase().replaceAll('::', '-')}.json`,
  hashicorp: (type: string) =>
    `hashicorp/terraform-provider-awscc/blob/*/internal/service/cloudformation/schemas/${type.replaceAll('::', '_')}.json`,
}

/**
 * The list was held against the handlers in the type's registry schema, as a public copy has it at a commit. Of what the
 * handlers declare, an entry asks for what the template's properties make them call.
 */
export const registry = (type: string, commit: string, copy: keyof typeof COPIES = 'pulumi'): Evidence => ({
  source: `https://github.com/${COPIES[copy](type).replace('*', commit)}`,
  read: commit,
})

/** As `registry`, where only a page that lists the handlers' permissions was to be had. */
export const handlersPage = (page: string, commit: string): Evidence => ({
  source: `https://github.com/stackql-registry/stackql-provider-awscc/blob/${commit}/website/docs/services/${page}/index.md`,
  read: commit,
})

/**
 * For a type whose registry schema has no handlers: the list follows the actions and resources of the service's page in
 * AWS's Service Authorization Reference, as of a day.
 */
export const authorization = (page: string): Evidence => ({
  source: `https://docs.aws.amazon.com/service-authorization/latest/reference/list_${page}.html`,
  read: '2026-09-26',
})

/** CloudFormation keeps resources of the type by itself: nothing is called. */
export const templateReference = (page: string): Evidence => ({
  source: `https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/${page}.html`,
  read: '2026-09-26',
})

/** AWS: the first use of a service makes the role that the service works under, which the caller must be allowed. */
export const linkedRole = (
  principal: string,
  more: Partial<Pick<PermissionGrant, 'when' | 'undeclared' | 'optional'>> = {},
): PermissionGrant => ({
  on: `arn:aws:iam::{account}:role/aws-service-role/${principal}/*`,
  context: { 'iam:AWSServiceName': principal },
  create: ['iam:CreateServiceLinkedRole'],
  ...more,
})
