/** What CloudFormation must be allowed to keep resources of one type, told as data. */

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
   * Pattern for the ARN that AWS authorizes the actions on. `{account}`, `{region}`, `{name}` (the physical name) and
   * `{Property}` (what that property says) stand for the resource's own. `*` alone stands where AWS authorizes the
   * actions on no resource in particular, as most that list or describe.
   */
  readonly on: string
  /** Only when one of these properties is set. */
  readonly when?: readonly string[]
  /** Why AWS asks for it though no run on the embedded cloud shows the call. */
  readonly unseen?: string
}

/** Where the permissions of a type are written down. */
export interface Evidence {
  /** Address of the page that tells them. */
  readonly source: string
  /**
   * Whether the list was held against the permissions that the type's own handlers declare in CloudFormation's
   * registry; otherwise it follows the actions and resources of the service's authorization page.
   */
  readonly confirmed: boolean
}

export interface ResourcePermissions extends Evidence {
  /** The property that gives the physical name. */
  readonly name?: string
  /** AWS: longest physical name that CloudFormation makes up. */
  readonly longestName?: number
  /** AWS: how much of the stack's name a made-up name begins with, where it is never whole. */
  readonly longestStackPart?: number
  readonly lowerCase?: boolean
  /**
   * False for a type that CloudFormation puts none of its own `aws:cloudformation:` tags on: what labels it is then needed
   * only where the template or the whole stack has tags. AWS: `cloudFormationSystemTags` of the type's registry schema.
   */
  readonly systemTags?: false
  readonly grants: readonly PermissionGrant[]
  /** Properties that hand a role over, and the service that gets it; `Targets[].RoleArn` looks into a list. */
  readonly passes?: Readonly<Record<string, string>>
}

export type PermissionTable = Readonly<Record<string, ResourcePermissions>>

/**
 * The list was held against the handlers in the type's registry schema, read in HashiCorp's public copy. Of what the
 * handlers declare, an entry asks for what the template's properties make them call.
 */
export const registry = (type: string): Evidence => ({
  source: `https://github.com/hashicorp/terraform-provider-awscc/blob/main/internal/service/cloudformation/schemas/${type.replaceAll('::', '_')}.json`,
  confirmed: true,
})

/** The list follows the service's page in AWS's Service Authorization Reference. */
export const authorization = (page: string): Evidence => ({
  source: `https://docs.aws.amazon.com/service-authorization/latest/reference/list_${page}.html`,
  confirmed: false,
})
