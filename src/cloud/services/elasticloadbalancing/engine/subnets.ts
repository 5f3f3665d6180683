/** The subnets of load balancers. The embedded cloud has no VPCs: it keeps the ids, and checks their form and number. */
import type { LoadBalancer, SubnetMapping } from '../state.ts'
import { invalid, unsupported } from './refuse.ts'

interface Given {
  readonly Subnets?: readonly string[]
  readonly SubnetMappings?: readonly SubnetMapping[]
}

/** AWS: an Application Load Balancer takes subnets of two zones at least. Errors: ValidationError, UnsupportedParameter. */
export function checkSubnets(
  type: LoadBalancer['type'],
  { Subnets: ids = [], SubnetMappings: mappings = [] }: Given,
): SubnetMapping[] {
  if (ids.length && mappings.length)
    throw invalid('You must specify either subnets or subnet mappings, but not both')
  const subnets = ids.length ? ids.map((SubnetId) => ({ SubnetId })) : [...mappings]
  if (!subnets.length) throw invalid('At least one subnet must be specified')
  const wrong = subnets.find(({ SubnetId = '' }) => !/^subnet-[0-9a-zA-Z]+$/.test(SubnetId))
  if (wrong) throw invalid(`The subnet ID '${wrong.SubnetId}' is not valid`)
  if (new Set(subnets.map(({ SubnetId }) => SubnetId)).size < subnets.length)
    throw invalid('A subnet cannot be specified more than once')
  if (type === 'application' && subnets.length < 2)
    throw invalid('At least two subnets in two different Availability Zones must be specified')
  const addressed = mappings.find(({ AllocationId }) => AllocationId !== undefined)
  if (addressed)
    throw unsupported('Elastic IP addresses (AllocationId)', 'It has no addresses: name the subnet alone.')
  return subnets
}
