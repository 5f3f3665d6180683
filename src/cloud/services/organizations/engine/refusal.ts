/** The errors of Organizations, in AWS's words. */
import { AwsError } from '../../../../model/index.ts'

const refusals = {
  noOrganization: ['AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.'],
  notManagement: ['AccessDeniedException', "You don't have permissions to access this resource."],
  noAccount: ['AccountNotFoundException', "You specified an account that doesn't exist."],
  noChild: ['ChildNotFoundException', "You specified a child that doesn't exist."],
  noParent: ['ParentNotFoundException', "You specified a parent that doesn't exist."],
  noSource: ['SourceParentNotFoundException', "You specified a source parent that doesn't exist."],
  noDestination: [
    'DestinationParentNotFoundException',
    "You specified a destination parent that doesn't exist.",
  ],
  noPolicy: ['PolicyNotFoundException', "You specified a policy that doesn't exist."],
  noRoot: ['RootNotFoundException', "You specified a root that doesn't exist."],
  noTarget: ['TargetNotFoundException', "You specified a target that doesn't exist."],
  noUnit: ['OrganizationalUnitNotFoundException', "You specified an organizational unit that doesn't exist."],
  sameUnit: ['DuplicateOrganizationalUnitException', 'An OU with the same name already exists.'],
  unitNotEmpty: [
    'OrganizationalUnitNotEmptyException',
    'The specified OU is not empty. Move all accounts to another root or to other OUs, remove all child OUs, and try the operation again.',
  ],
  sameAccount: ['DuplicateAccountException', 'That account is already present in the specified destination.'],
  samePolicy: ['DuplicatePolicyException', 'A policy with the same name already exists.'],
  policyInUse: [
    'PolicyInUseException',
    'The policy is attached to one or more entities. You must detach it from all roots, OUs, and accounts before performing this operation.',
  ],
  attachedAlready: [
    'DuplicatePolicyAttachmentException',
    'The selected policy is already attached to the specified target.',
  ],
  notAttached: [
    'PolicyNotAttachedException',
    "The policy isn't attached to the specified target in the specified root.",
  ],
  typeEnabled: ['PolicyTypeAlreadyEnabledException', 'The specified policy type is already enabled.'],
  typeNotEnabled: [
    'PolicyTypeNotEnabledException',
    'This operation can be performed only for enabled policy types.',
  ],
} as const

export type Refusal = keyof typeof refusals

/** Gives an error that carries no reason. */
export function refusal(which: Refusal): AwsError {
  const [code, message] = refusals[which]
  return new AwsError(code, message)
}

/** AWS: a violated quota or rule names itself in Reason. */
export const violation = (Reason: string, message: string): AwsError =>
  new AwsError('ConstraintViolationException', message, { fields: { Reason } })

/** AWS: what is wrong with an input is named in Reason. */
export const invalidInput = (Reason: string, message = 'You specified an invalid value.'): AwsError =>
  new AwsError('InvalidInputException', message, { fields: { Reason } })
