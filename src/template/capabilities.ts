/** Which capabilities a template needs its caller to acknowledge. */
import { AwsError, entryOf, type Template } from '../model/index.ts'

/** IAM types, each with the property that gives it a name of the user's choice. */
const iamTypes: Readonly<Record<string, string | undefined>> = {
  'AWS::IAM::AccessKey': undefined,
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Policy': undefined,
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::UserToGroupAddition': undefined,
}

export interface Requirement {
  readonly capabilities: ('CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM' | 'CAPABILITY_AUTO_EXPAND')[]
  readonly reason?: string
}

/** Gives what a template needs. AWS: custom names need CAPABILITY_NAMED_IAM, other IAM resources CAPABILITY_IAM. */
export function requiredCapabilities(template: Template, transforms: readonly string[]): Requirement {
  const resources = Object.values(template.Resources).filter((one) => Object.hasOwn(iamTypes, one.Type))
  const named = resources.some((one) => {
    const property = entryOf(iamTypes, one.Type)
    return property !== undefined && entryOf(one.Properties, property) !== undefined
  })
  const capabilities: Requirement['capabilities'] = []
  if (resources.length > 0) capabilities.push(named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM')
  if (transforms.length > 0) capabilities.push('CAPABILITY_AUTO_EXPAND')
  if (capabilities.length === 0) return { capabilities }
  const types = [...new Set(resources.map((one) => one.Type))]
  const reason = `The following resource(s) require capabilities: [${types.join(', ')}]`
  return { capabilities, reason: types.length > 0 ? reason : undefined }
}

/** Errors: InsufficientCapabilitiesException naming what was not acknowledged. */
export function requireCapabilities(
  { template, transforms }: { readonly template: Template; readonly transforms: readonly string[] },
  given: readonly string[],
  options: { transforms: boolean },
): void {
  const acknowledged = new Set(given)
  if (acknowledged.has('CAPABILITY_NAMED_IAM')) acknowledged.add('CAPABILITY_IAM')
  if (!options.transforms) acknowledged.add('CAPABILITY_AUTO_EXPAND')
  const lacking = requiredCapabilities(template, transforms).capabilities.filter(
    (one) => !acknowledged.has(one),
  )
  if (lacking.length > 0)
    throw new AwsError(
      'InsufficientCapabilitiesException',
      `Requires capabilities : [${lacking.join(', ')}]`,
      { status: 400 },
    )
}
