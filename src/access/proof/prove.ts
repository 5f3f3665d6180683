/** Landscape → Proof: every need of every pipeline and deployment, held against the policies as they stand in the templates. */
import { type AuthorizationRequest, type Decision, evaluate } from '../../iam/index.ts'
import { formatArn, isAssumption, type Need, parseArn } from '../../model/index.ts'
import { findProvider, worksOf } from '../../pipeline/index.ts'
import type { Landscape } from '../landscape/landscape.ts'
import type { Given } from '../landscape/reading/open-policies.ts'
import { hangsOn } from '../landscape/reading/words.ts'
import { administratorOutcome, isAdministrator } from './administrators.ts'
import {
  Callers,
  type FoundCaller,
  isAbsent,
  isExisting,
  type MissingRole,
  missingInWords,
} from './callers.ts'
import { explainFailure, missingPrincipal } from './explain-failure.ts'
import { type FurtherNeeds, type GatheredEdge, gatherEdges } from './gather-edges.ts'
import { openValue } from './open-value.ts'
import { isOfOrganization, withoutOrganization } from './organization-denial.ts'
import { passableRoles } from './passable-roles.ts'
import type { Edge, Proof, Use } from './proof.ts'
import { presenceOf, type ResourceSide, requestOf, resourceSide, sufficesAlone } from './request-of.ts'
import { samplesOf } from './samples.ts'
import { usesInOrder } from './uses-in-order.ts'

export interface ProveOptions {
  /** Needs that the pipelines' declarations do not tell. */
  readonly further?: readonly FurtherNeeds[]
  /** Whether the templates hold everything: then a role that is in none of them does not exist. */
  readonly complete?: boolean
}

/** Proves every edge of every pipeline in the landscape, and of the deployment of its stacks. */
export function prove(landscape: Landscape, options: ProveOptions = {}): Proof {
  const callers = new Callers(landscape)
  const { further = [], complete = false } = options
  const givenBy = conditionsOfPipelines(landscape)
  const all = gatherEdges(landscape, further, complete).map((gathered) =>
    proveEdge(gathered, callers, { landscape, complete, given: givenBy(gathered.uses) }),
  )
  const isSpared = ({ need, verdict }: Edge): boolean => Boolean(need.optional) && verdict !== 'allowed'
  const edges = all.filter((edge) => !isSpared(edge))
  return {
    edges,
    spared: all.filter(isSpared),
    uses: usesInOrder(landscape, edges),
    pipelines: landscape.pipelines.map(({ declaration }) => declaration.name),
    accounts: accountsIn(edges),
    regions: regionsOf(landscape),
    stacks: further.flatMap(({ stack }) => stack ?? []),
    notes: [
      ...landscape.notes,
      ...unknownActions(landscape),
      ...(landscape.pipelines.length ? [] : [NOTHING_TO_PROVE]),
    ],
  }
}

const NOTHING_TO_PROVE =
  'No template makes a pipeline (AWS::CodePipeline::Pipeline), so that no pipeline is proven: give the one that does.'

/** Actions whose providers nobody has described. */
const unknownActions = ({ pipelines }: Landscape): string[] =>
  pipelines.flatMap(({ declaration: { name, stages } }) =>
    stages.flatMap((stage) =>
      worksOf(stage).flatMap(({ label: action, action: { actionTypeId: type } }) =>
        findProvider(type)
          ? []
          : `The action ${stage.name} › ${action} of ${name} is of the type ${type.category}/${type.owner}/${type.provider}, which Crossdock does not know: what it needs is not proven.`,
      ),
    ),
  )

function accountsIn(edges: readonly Edge[]): string[] {
  const arns = new Set<string>()
  for (const { need } of edges) arns.add(need.principal).add(need.resource)
  const accounts = new Set<string>()
  for (const arn of arns) accounts.add(parseArn(arn)?.account ?? '')
  return [...accounts].filter((one) => /^\d{12}$/.test(one)).sort()
}

const regionsOf = ({ pipelines, templates }: Landscape): string[] => [
  ...new Set([
    ...templates.map(({ target }) => target.region),
    ...pipelines.flatMap(({ declaration, region }) =>
      declaration.stages.flatMap((stage) => worksOf(stage).map(({ action }) => action.region ?? region)),
    ),
  ]),
]

interface World {
  readonly landscape: Landscape
  readonly complete: boolean
  /** Conditions without which there is nothing that would make the call. */
  readonly given: Given
}

/** The condition that all pipelines hang on which need something, where there is one. */
function conditionsOfPipelines({ pipelines }: Landscape): (uses: readonly Use[]) => Given {
  const byName = new Map(
    pipelines.flatMap(({ declaration, when }) => (when ? [[declaration.name, when.identity]] : [])),
  )
  return (uses) => {
    if (!byName.size) return NOTHING_GIVEN
    const conditions = new Set(uses.map(({ pipeline }) => byName.get(pipeline)))
    const [only] = conditions
    return only !== undefined && conditions.size === 1 ? new Set([only]) : NOTHING_GIVEN
  }
}

const NOTHING_GIVEN: Given = new Set()

function proveEdge(
  { need, uses, impossible, assumption }: GatheredEdge,
  callers: Callers,
  world: World,
): Edge {
  const { landscape, complete } = world
  if (isAdministrator(need.principal))
    return { need, uses, ...administratorOutcome(need, landscape, complete) }
  const found = callers.of(need.principal)
  if (impossible) return { need, uses, verdict: 'denied', decidedBy: [], failure: impossible }
  const { missing } = found
  if (missing) return withoutCaller({ need, uses }, missingInWords(missing), isWrong(missing, complete))
  const outcome = outcomeOf(need, found, world)
  const hangs = outcome.verdict === 'allowed' || (outcome.verdict === 'denied' && assumption?.guessed)
  if (!assumption || !hangs) return { need, uses, ...outcome }
  return { need, uses, verdict: 'unknown', decidedBy: outcome.decidedBy, assumed: assumption.what }
}

/** Whether a role that is not known cannot be there. */
const isWrong = (role: MissingRole, complete: boolean): boolean =>
  isAbsent(role) || (complete && !isExisting(role))

/** A role that is not there fails the edge where the templates are all there is, or where another path is meant. */
function withoutCaller({ need, uses }: Pick<Edge, 'need' | 'uses'>, missing: string, fails: boolean): Edge {
  if (!fails) return { need, uses, verdict: 'unknown', decidedBy: [], assumed: missing }
  return { need, uses, verdict: 'denied', decidedBy: [], failure: missingPrincipal(need, missing) }
}

type Outcome = Pick<Edge, 'verdict' | 'decidedBy' | 'failure' | 'granted' | 'assumed'>

function outcomeOf(need: Need, found: FoundCaller, world: World): Outcome {
  const isOpenPassRole = need.action === 'iam:PassRole' && need.resource.endsWith(':role/*')
  if (isOpenPassRole) return anyRole(need, found, world)
  const outcomes = samplesOf(need).map((sample) => decide(sample, found, world))
  return outcomes.find(({ verdict }) => verdict !== 'allowed') ?? outcomes[0]!
}

/** Roles that tasks run as may be known from the templates; else some role must be passable at all. */
function anyRole(need: Need, found: FoundCaller, world: World): Outcome {
  const { known, possible } = passableRoles(need, found, world.landscape)
  const outcomes = (known.length ? known : possible).map((resource) =>
    decide({ ...need, resource }, found, world),
  )
  const isAllowed = ({ verdict }: Outcome) => verdict === 'allowed'
  const failed = outcomes.find((outcome) => !isAllowed(outcome))
  if (known.length) return failed ?? outcomes[0]!
  const role = formatArn('iam', '', found.caller.account, 'role/<the role of the tasks>')
  return outcomes.find(isAllowed) ?? failed ?? decide({ ...need, resource: role }, found, world)
}

/** What is decided one way or the other by a condition or a value that nobody knows is not proven. */
function decide(need: Need, found: FoundCaller, world: World): Outcome {
  const { landscape, complete, given } = world
  const side = resourceSide(need, found, landscape, complete)
  const presence = presenceOf(found, side)
  const supposed = presence.length ? new Set([...given, ...presence.map(({ identity }) => identity)]) : given
  const request = requestOf(need, found, side, landscape)
  const decision = evaluate(request)
  const hanging = landscape.open?.hanging(request, decision, supposed, landscape.standIns)
  if (decision.effect !== 'allowed') {
    const assumed =
      mayAllow(decision, found, side, landscape) ??
      (complete ? undefined : openValue(need, request, decision, landscape)) ??
      hanging
    if (assumed) return { verdict: 'unknown', decidedBy: [], assumed }
    const granted = grantedBesides(request, decision)
    const denied = { verdict: 'denied', decidedBy: decision.decidedBy, ...(granted && { granted }) } as const
    // What a call can go without is left out of the proof where it is missing: nobody reads why.
    if (need.optional) return denied
    return { ...denied, failure: explainFailure(request, decision, { found, side, landscape }) }
  }
  const absence = presence.find(({ identity }) => !given.has(identity))
  const hangs = hanging ?? (absence && hangsOn(absence))
  if (hangs !== undefined) return { verdict: 'unknown', decidedBy: decision.decidedBy, assumed: hangs }
  const unreadable = side.missing
  if (unreadable === undefined) return { verdict: 'allowed', decidedBy: decision.decidedBy }
  if (isAssumption(need) && (side.missingRole ? isWrong(side.missingRole, complete) : complete))
    return { verdict: 'denied', decidedBy: [], failure: missingPrincipal(need, unreadable) }
  const isEnough = sufficesAlone(need, found, side)
  return { verdict: isEnough ? 'allowed' : 'unknown', decidedBy: decision.decidedBy, assumed: unreadable }
}

/** What allows a call that only the organization denies: it is needed, though it does not suffice. */
function grantedBesides(request: AuthorizationRequest, decision: Decision): Edge['granted'] {
  if (!isOfOrganization(decision)) return undefined
  const { effect, decidedBy } = evaluate(withoutOrganization(request))
  return effect === 'allowed' ? decidedBy : undefined
}

/** What may allow a denied call after all, though nobody could read it. AWS: in one account either side suffices. */
function mayAllow(
  { effect, missing }: Decision,
  { caller, role }: FoundCaller,
  side: ResourceSide,
  landscape: Landscape,
): string | undefined {
  if (effect !== 'implicitDeny' || missing !== 'identity-based policy') return undefined
  const [unreadable] = role?.unreadable ?? []
  if (unreadable) return `what ${unreadable} grants ${caller.principalArn}`
  return landscape.unread && side.account === caller.account ? side.missing : undefined
}
