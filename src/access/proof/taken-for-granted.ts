/** What an edge takes for granted: things that an action names and that stand in no template. */
import { type Need, parseArn } from '../../model/index.ts'
import { type NamedThings, namedThings } from '../../pipeline/index.ts'
import { deploymentGroupArn } from '../landscape/readers/workers.ts'
import type { ActionInLandscape } from './action-in-landscape.ts'
import type { Assumption } from './gathered-need.ts'

/**
 * Gives what nobody could look at and a need hangs on; undefined where there is no such thing. Owners and
 * policies of buckets, keys and roles are told where the need is decided.
 */
export function takenForGranted(need: Need, around: ActionInLandscape): Assumption | undefined {
  const { action, landscape } = around
  const named = namedThings(action.actionTypeId, action.configuration)
  if (need.action === 'codedeploy:GetDeploymentConfig') return unknownGroup(named, around)
  // Live accounts were asked for all of these; what is not there is told with why.
  if (!landscape.open) return undefined
  const ends = (kind: string, name: string | undefined) => name && need.resource.endsWith(`:${kind}${name}`)
  if (ends('function:', named.function) && !landscape.functions.has(need.resource))
    return {
      what: `the function ${named.function} is in no template: whether its role may report the outcome is not known`,
    }
  if (ends('project/', named.project) && !landscape.projects.has(need.resource))
    return { what: `the build project ${named.project} is in no template: what its role may do is not known` }
  if (need.action === 'sns:Publish' && parseArn(need.resource) && !landscape.topics?.has(need.resource))
    return { what: `the topic ${need.resource} is in no template: its key and its policy are not known` }
  return undefined
}

/** AWS: which configuration is looked at, the deployment group tells. */
function unknownGroup(
  { application = '', deploymentGroup: group = '' }: NamedThings,
  { pipeline, action, landscape }: ActionInLandscape,
): Assumption | undefined {
  const account = parseArn(action.roleArn ?? '')?.account ?? pipeline.account
  const arn = deploymentGroupArn(application, group, {
    account,
    region: action.region ?? pipeline.region,
  })
  return landscape.deploymentGroups.has(arn)
    ? undefined
    : {
        what: `the deployment group ${group} of ${application} is in no template: which configuration it names is not known`,
        guessed: true,
      }
}
