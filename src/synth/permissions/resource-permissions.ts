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
   * `{Property}` (what that property says) stand for the resource's own.
   */
  readonly on: string
  /** Only when one of these properties is set. */
  readonly when?: readonly string[]
}

export interface ResourcePermissions {
  /** The page that tells it. */
  readonly source: string
  /** The property that gives the physical name. */
  readonly name?: string
  /** AWS: longest physical name that CloudFormation makes up. */
  readonly longestName?: number
  readonly lowerCase?: boolean
  readonly grants: readonly PermissionGrant[]
  /** Properties that hand a role over, and the service that gets it. */
  readonly passes?: Readonly<Record<string, string>>
}

export type PermissionTable = Readonly<Record<string, ResourcePermissions>>

/** Gives the address of a type's page in the CloudFormation template reference. */
export const reference = (type: string): string => {
  const [, service = '', name = ''] = type.split('::')
  return `https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-${service.toLowerCase()}-${name.toLowerCase()}.html`
}
