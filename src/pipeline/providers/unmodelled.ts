/** Action types of AWS that Crossdock knows by name only. */
import type { ActionTypeId } from '../../model/index.ts'

/** AWS: "Valid action providers in CodePipeline" and the action structure reference of its guide. */
const NAMES: Readonly<Partial<Record<ActionTypeId['category'], readonly string[]>>> = {
  Build: ['ECRBuildAndPublish'],
  Test: ['DeviceFarm'],
  Deploy: ['EC2', 'EKS', 'ElasticBeanstalk', 'OpsWorks', 'ServiceCatalog'],
  Invoke: ['InspectorScan'],
}

/** Whether AWS has the action type, though nothing is known of its configuration and needs. */
export const isUnmodelled = ({ category, owner, provider, version }: ActionTypeId): boolean =>
  owner === 'AWS' && version === '1' && (NAMES[category]?.includes(provider) ?? false)
