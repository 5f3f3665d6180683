/** Sizes and counts of the organization's policies. AWS: they are the same for both kinds. */
import { placeName, policyName } from '../../../iam/index.ts'
import type { Landscape } from '../../landscape/landscape.ts'
import { allLevels, controlPolicies } from '../../landscape/organization.ts'
import type { Counted, Quota } from './quota.ts'

/** AWS: RCPFullAWSAccess is attached everywhere, cannot be detached, and counts. */
const ALWAYS_ATTACHED = 1

const sizes = ({ organization }: Landscape, side: 'serviceControl' | 'resourceControl'): Counted[] =>
  (organization ? controlPolicies(organization, side) : []).map(({ policy, bytes, origin }) => ({
    subject: `the ${policyName(policy.ref)}`,
    used: bytes,
    origin,
  }))

export const organizationQuotas: readonly Quota[] = [
  {
    id: 'quota-service-control-policy',
    summary: 'Bytes of a service control policy.',
    limit: 5_120,
    unit: 'bytes',
    relief: 'split the policy, or leave out white space, which counts where it is stored',
    count: (landscape) => sizes(landscape, 'serviceControl'),
  },
  {
    id: 'quota-resource-control-policy',
    summary: 'Bytes of a resource control policy.',
    limit: 5_120,
    unit: 'bytes',
    relief: 'split the policy, or leave out white space, which counts where it is stored',
    count: (landscape) => sizes(landscape, 'resourceControl'),
  },
  {
    id: 'quota-service-control-policies-of-target',
    summary: 'Service control policies attached to a root, organizational unit or account.',
    limit: 5,
    unit: 'policies',
    relief: 'join policies, or attach some of them to another level',
    count: ({ organization }) =>
      (organization ? allLevels(organization) : []).map(({ place, serviceControl }) => ({
        subject: placeName(place),
        used: serviceControl.length,
      })),
  },
  {
    id: 'quota-resource-control-policies-of-target',
    summary: 'Resource control policies attached to a root, organizational unit or account.',
    limit: 5,
    unit: 'policies',
    relief: 'join policies, or attach some of them to another level',
    count: ({ organization }) =>
      (organization ? allLevels(organization) : [])
        .filter(({ resourceControl }) => resourceControl.length)
        .map(({ place, resourceControl }) => ({
          subject: placeName(place),
          used: resourceControl.length + ALWAYS_ATTACHED,
        })),
  },
]
