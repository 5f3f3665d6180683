/** What an edge takes for granted: things that an action names and that stand in no template. */
import { formatArn, type Need, parseArn } from '../../model/index.ts'
import { findProvider, type NamedThings, namedThings } from '../../pipeline/index.ts'
import type { Landscape } from '../landscape/landscape.ts'
import { deploymentGroupArn } from '../landscape/readers/workers.ts'
import type { ActionInLandscape } from './action-in-landscape.ts'
import type { Assumption } from './gathered-need.ts'
import { stackInNoTemplate } from './untold-stacks.ts'

/**
 * Gives what nobody could look at and a need hangs on; undefined where there is no such thing. Owners and
 * policies of buckets, keys and roles are told where the need is decided.
 */
export function takenForGranted(need: Need, around: ActionInLandscape): Assumption | undefined {
  const { action, landscape } = around
  const named = namedThings(action.actionTypeId, action.configuration)
  if (need.action === 'codedeploy:GetDeploymentConfig') return unknownGroup(named, around)
  const untold = findProvider(action.actionTypeId)?.untold
  if (untold?.at === need.action) return { what: untold.what }
  // Live accounts were asked for all of these; what is not there is told with why.
  if (!landscape.open) return undefined
  if (need.action === 'sns:Publish' && parseArn(need.resource) && !landscape.topics?.has(need.resource))
    return { what: `the topic ${need.resource} is in no template: its key and its policy are not known` }
  return inNoTemplate(need, named, around) ?? stackInNoTemplate(need, named, around)
}

/** A kind of thing that actions name. */
interface NamedKind {
  readonly named: keyof NamedThings
  /** How the ARN of one ends. */
  ends(name: string, named: NamedThings): string
  called(name: string, named: NamedThings): string
  known(landscape: Landscape): Iterable<string>
  /** Which needs it is asked for; all where absent. */
  asked?(need: Need): boolean
  /** What is not known where no template makes it. */
  unknown(): string
  /** Set where a fleet's own templates may lack it: the application's make it. */
  readonly ofApplication?: true
}

const nameIn = (arn: string): string => parseArn(arn)?.resource.replace(/^\w+[:/]/, '') ?? arn

const made = (landscape: Landscape): Iterable<string> => landscape.made ?? []

/** Who invokes a function waits for what its role reports; who deploys it asks nothing of its role. */
const isInvoked = ({ action }: Need): boolean => action === 'lambda:InvokeFunction'

const KINDS: readonly NamedKind[] = [
  {
    named: 'function',
    ends: (name) => `:function:${name}`,
    called: (name) => `function ${name}`,
    known: ({ functions }) => functions.keys(),
    asked: isInvoked,
    unknown: () => 'whether its role may report the outcome is not known',
  },
  {
    named: 'function',
    ends: (name) => `:function:${name}`,
    called: (name) => `function ${name}`,
    known: ({ functions }) => functions.keys(),
    asked: (need) => !isInvoked(need),
    unknown: () => 'whether it is there is not known',
    ofApplication: true,
  },
  {
    named: 'project',
    ends: (name) => `:project/${name}`,
    called: (name) => `build project ${name}`,
    known: ({ projects }) => projects.keys(),
    unknown: () => 'what its role may do is not known',
  },
  {
    named: 'service',
    ends: (name, { cluster }) => `:service/${cluster}/${name}`,
    called: (name, { cluster }) => `service ${name} of the cluster ${cluster}`,
    known: made,
    unknown: () => 'which roles its tasks run as is not known',
    ofApplication: true,
  },
  {
    named: 'stateMachine',
    ends: (arn) => arn,
    called: (arn) => `state machine ${nameIn(arn)}`,
    known: made,
    unknown: () => 'what its role may do is not known',
    ofApplication: true,
  },
  {
    named: 'imageRepository',
    ends: (name) => `:repository/${name}`,
    called: (name) => `image repository ${name}`,
    known: made,
    unknown: () => 'whether it is there, and its policy, are not known',
    ofApplication: true,
  },
  {
    named: 'repository',
    ends: (name) => `:${name}`,
    called: (name) => `repository ${name}`,
    known: made,
    unknown: () => 'whether it is there is not known',
    ofApplication: true,
  },
  {
    named: 'connection',
    ends: (arn) => arn,
    called: (arn) => `connection ${nameIn(arn)}`,
    known: ({ connections }) => connections.map(({ arn }) => arn),
    unknown: () => 'whether it is there and was confirmed is not known',
    ofApplication: true,
  },
  {
    named: 'pipeline',
    ends: (name) => `:${name}`,
    called: (name) => `pipeline ${name}`,
    known: ({ pipelines }) =>
      pipelines.map(({ account, region, declaration }) =>
        formatArn('codepipeline', region, account, declaration.name),
      ),
    unknown: () => 'whether it is there is not known',
    ofApplication: true,
  },
]

function inNoTemplate(
  need: Need,
  named: NamedThings,
  { landscape, complete }: ActionInLandscape,
): Assumption | undefined {
  for (const kind of KINDS) {
    const name = named[kind.named]
    if (!name || !need.resource.endsWith(kind.ends(name, named))) continue
    if ((complete && kind.ofApplication) || kind.asked?.(need) === false) continue
    const known = new Set(kind.known(landscape))
    if (known.has(need.resource)) return undefined
    const called = kind.called(name, named)
    const namesake = [...known].find((arn) => isNamesake(arn, need.resource))
    const what = namesake
      ? standsElsewhere(called, namesake, need)
      : `the ${called} is in no template: ${kind.unknown()}`
    return { what }
  }
  return undefined
}

const isNamesake = (arn: string, other: string): boolean => {
  const [one, two] = [parseArn(arn), parseArn(other)]
  return one?.service === two?.service && one?.resource === two?.resource
}

/** AWS: an action calls what it names in its own region and, with its role, in that role's account. */
function standsElsewhere(called: string, namesake: string, need: Need): string {
  const [where, place] = [parseArn(namesake)!, parseArn(need.resource)!]
  return where.account === place.account
    ? `the ${called} stands in ${where.region}, and the action calls it in ${place.region}: give the action the region ${where.region}, or a template of ${place.region} that makes it`
    : `the ${called} stands in account ${where.account}, and the action calls it in account ${place.account}: give the action a role of account ${where.account}, or a template of account ${place.account} that makes it`
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
