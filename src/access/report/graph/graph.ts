/** Who acts as whom, who reads and writes what, with which key: a proof as nodes and relations. */
import {
  entryOf,
  formatArn,
  isAssumption,
  isTokenProvider,
  type Need,
  parseArn,
  principalName,
  type Target,
} from '../../../model/index.ts'
import { findKey } from '../../landscape/find-key.ts'
import type { KnownPipeline, Landscape } from '../../landscape/landscape.ts'
import { type Edge, isFailed, type Proof } from '../../proof/proof.ts'

export type NodeKind = 'pipeline' | 'project' | 'role' | 'bucket' | 'key' | 'stack' | 'rule' | 'resource'

export interface GraphNode {
  readonly id: string
  readonly kind: NodeKind
  readonly label: string
  /** What a reader calls it: `role`, `topic`, `pipeline in us-east-1`. */
  readonly what: string
  readonly account: string
  /** Empty for what belongs to no region. */
  readonly region: string
}

export type Verb =
  | 'acts as'
  | 'assumes'
  | 'passes'
  | 'reads'
  | 'writes'
  | 'decrypts with'
  | 'encrypts with'
  | 'builds'
  | 'deploys'
  | 'starts'
  | 'uses'
  | 'is encrypted with'

export interface Relation {
  readonly from: string
  readonly to: string
  readonly verbs: readonly Verb[]
  /** Whether a permission behind it is denied. */
  readonly failed: boolean
}

export interface AccessGraph {
  readonly nodes: readonly GraphNode[]
  readonly relations: readonly Relation[]
}

interface Building {
  readonly nodes: Map<string, GraphNode>
  readonly relations: Map<string, { from: string; to: string; verbs: Set<Verb>; failed: boolean }>
  readonly landscape: Landscape
}

/** Gives the graph of all pipelines, or of one. What the stacks' own resources need is left out. */
export function accessGraph(landscape: Landscape, { edges }: Proof, pipeline?: string): AccessGraph {
  const building: Building = { nodes: new Map(), relations: new Map(), landscape }
  const further = (edge: Edge) => edge.uses.every((use) => use.further)
  const shown = edges.filter(
    (edge) => !further(edge) && edge.uses.some((use) => pipeline === undefined || use.pipeline === pipeline),
  )
  for (const edge of shown) addEdge(edge, building)
  for (const one of landscape.pipelines)
    if (pipeline === undefined || one.declaration.name === pipeline) addEncryption(one, building)
  return {
    nodes: [...building.nodes.values()],
    relations: [...building.relations.values()].map(({ verbs, ...rest }) => ({ ...rest, verbs: [...verbs] })),
  }
}

function relate(building: Building, from: GraphNode, to: GraphNode, verb: Verb, failed: boolean): void {
  building.nodes.set(from.id, building.nodes.get(from.id) ?? from)
  building.nodes.set(to.id, building.nodes.get(to.id) ?? to)
  const key = `${from.id} ${to.id}`
  const found = building.relations.get(key) ?? {
    from: from.id,
    to: to.id,
    verbs: new Set<Verb>(),
    failed: false,
  }
  found.verbs.add(verb)
  found.failed ||= failed
  building.relations.set(key, found)
}

function addEdge(edge: Edge, building: Building): void {
  const { need } = edge
  const verb = verbOf(need)
  if (!verb) return
  const from = sourceOf(edge, building)
  const to = targetOf(need, building)
  if (from && to && from.id !== to.id) relate(building, from, to, verb, isFailed(edge))
}

const VERBS: readonly [RegExp, Verb | undefined][] = [
  [/^sts:AssumeRole(WithWebIdentity)?$/, 'assumes'],
  [/^iam:PassRole$/, 'passes'],
  [/^s3:(Get|List)Object|^s3:ListBucket$/, 'reads'],
  [/^s3:GetBucket/, undefined],
  [/^s3:Put/, 'writes'],
  [/^kms:Decrypt$/, 'decrypts with'],
  [/^kms:/, 'encrypts with'],
  [/^codebuild:Start/, 'builds'],
  [/^codebuild:|^logs:/, undefined],
  [/^cloudformation:(Describe|List)/, undefined],
  [/^cloudformation:/, 'deploys'],
  [/^codepipeline:StartPipelineExecution$/, 'starts'],
]

function verbOf({ action, principal }: Need): Verb | undefined {
  if (!principal.startsWith('arn:')) return 'acts as'
  const found = VERBS.find(([pattern]) => pattern.test(action))
  return found ? found[1] : 'uses'
}

const roleNode = (arn: string): GraphNode => ({
  id: arn,
  kind: 'role',
  what: 'role',
  label: principalName(arn),
  account: parseArn(arn)?.account ?? '',
  region: '',
})

/** A service is shown as what it works for: the pipeline, the project, the stack, the rule. */
function sourceOf({ need, uses }: Edge, { landscape }: Building): GraphNode | undefined {
  const { principal, context } = need
  if (isTokenProvider(principal)) return named('resource', principal)
  if (principal.startsWith('arn:')) return roleNode(principal)
  const source = String(context?.['aws:SourceArn'] ?? '')
  const arn = parseArn(source)
  if (arn?.service === 'codebuild') return named('project', source)
  if (arn?.service === 'cloudformation') return named('stack', source)
  if (arn?.service === 'events') return named('rule', source)
  const pipeline = landscape.pipelines.find(({ declaration }) => declaration.name === uses[0]?.pipeline)
  if (principal.startsWith('codepipeline') && pipeline) return pipelineNode(pipeline)
  const account = parseArn(need.resource)?.account ?? ''
  return {
    id: `${principal} ${account}`,
    kind: 'resource',
    what: 'service',
    label: principal,
    account,
    region: '',
  }
}

const pipelineNode = ({ declaration, account, region }: KnownPipeline): GraphNode => ({
  id: formatArn('codepipeline', region, account, declaration.name),
  kind: 'pipeline',
  what: `pipeline in ${region}`,
  label: declaration.name,
  account,
  // A pipeline is where everything begins; it is drawn beside its region's things, not among them.
  region: '',
})

/** What the resources of a service are called. */
const WORDS: Readonly<Record<string, string>> = {
  sns: 'topic',
  'codestar-connections': 'connection',
  codeconnections: 'connection',
  codecommit: 'repository',
  ecr: 'image repository',
  ecs: 'service',
  lambda: 'function',
  secretsmanager: 'secret',
  ssm: 'parameter',
  states: 'state machine',
  codedeploy: 'deployment',
}

/** `stack/orders/*` is the stack orders, `project/build` the project build. */
function named(kind: NodeKind, text: string): GraphNode {
  const { account = '', region = '', resource = '', service = '', partition = 'aws' } = parseArn(text) ?? {}
  const name = resource.replace(/^[a-z-]+[/:]/i, '').replace(/\/?\*$/, '')
  const id = `arn:${partition}:${service}:${region}:${account}:${resource.replace(/\/\*$/, '')}`
  const what = kind === 'resource' ? (entryOf(WORDS, service) ?? service) : kind
  return { id, kind, what, label: name || service, account, region }
}

function targetOf(need: Need, { landscape }: Building): GraphNode | undefined {
  const { action, resource } = need
  const arn = parseArn(resource)
  if (action === 'iam:PassRole' || isAssumption(need)) return roleNode(resource)
  if (arn?.service === 's3') return bucketNode(arn.resource.split('/')[0]!, landscape, need)
  if (arn?.service === 'kms') return keyNode(resource, landscape)
  if (arn?.service === 'codebuild') return named('project', resource)
  if (arn?.service === 'cloudformation') return named('stack', resource)
  if (arn?.service === 'codepipeline')
    return { ...named('pipeline', resource), label: arn.resource, region: '' }
  return arn ? named('resource', resource) : undefined
}

function bucketNode(name: string, { buckets, pipelines }: Landscape, need: Need): GraphNode {
  const known = buckets.get(name)
  const account = known?.account ?? parseArn(need.principal)?.account ?? ''
  const region = known?.region ?? pipelines[0]?.region ?? ''
  return { id: `arn:aws:s3:::${name}`, kind: 'bucket', what: 'bucket', label: name, account, region }
}

function keyNode(arn: string, { keys }: Landscape): GraphNode {
  const { account = '', region = '' } = parseArn(arn) ?? {}
  const label = keys.get(arn)?.aliases[0]?.replace('alias/', '') ?? arn.slice(arn.lastIndexOf('/') + 1)
  return { id: arn, kind: 'key', what: 'key', label, account, region }
}

function addEncryption({ declaration, account, region: home }: KnownPipeline, building: Building): void {
  const stores = Object.entries(declaration.artifactStores ?? { [home]: declaration.artifactStore })
  for (const [region, store] of stores) {
    const key = findKey(store?.encryptionKey?.id, { account, region }, building.landscape)
    if (!store || !key) continue
    const bucket: GraphNode = {
      id: `arn:aws:s3:::${store.location}`,
      kind: 'bucket',
      what: 'bucket',
      label: store.location,
      account,
      region,
    }
    relate(building, bucket, keyNode(key.arn, building.landscape), 'is encrypted with', false)
  }
}

/** How things are called for the people who read a drawing: the place of a node. */
export const placeOf = ({ account, region }: Target): string => (region ? `${account} ${region}` : account)

/**
 * The relations worth drawing: use of a key that its bucket's encryption tells already is left out, unless it fails.
 */
export function drawnRelations({ nodes, relations }: AccessGraph): Relation[] {
  const kinds = new Map(nodes.map(({ id, kind }) => [id, kind]))
  const told = new Set(
    relations.filter(({ verbs }) => verbs.includes('is encrypted with')).map(({ to }) => to),
  )
  return relations.filter(
    ({ from, to, failed }) =>
      failed || kinds.get(to) !== 'key' || kinds.get(from) !== 'role' || !told.has(to),
  )
}
