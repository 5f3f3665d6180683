/** Reads the rules of EventBridge that start a pipeline, also from the accounts of its sources. */
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import {
  type ActionDeclaration,
  type Arn,
  formatArn,
  parseArn,
  resourcePolicyOf,
  type Target,
} from '../../../model/index.ts'
import { findProvider } from '../../../pipeline/index.ts'
import type { KnownPipeline } from '../landscape.ts'
import { originOf } from './origin-of.ts'
import type { Reading } from './reading.ts'

const DEFAULT_BUS = 'default'

/** Reads the rules into the reading. A rule that is switched off is a finding, and a pipeline that nothing starts. */
export async function readStarts(reading: Reading, pipeline: KnownPipeline): Promise<void> {
  const { account, region, declaration, origin } = pipeline
  const sources = declaration.stages
    .flatMap((stage) => stage.actions)
    .filter(({ actionTypeId }) => findProvider(actionTypeId)?.starts?.by === 'rule')
  if (!sources.length) return
  const arn = formatArn('codepipeline', region, account, declaration.name)
  const home = { account, region }
  const buses = await busesOf(reading, home)
  const found = await Promise.all(
    buses.map((bus) => readRules(reading, { target: home, bus, of: arn, pipeline: arn })),
  )
  if (found.some((rules) => rules === undefined)) return
  if (!found.flat().length)
    for (const source of sources.filter(isNotPolled))
      reading.findings.push({
        rule: 'nothing-starts-pipeline',
        severity: 'warning',
        message: `no rule of EventBridge starts the pipeline ${declaration.name} when its source ${source.name} changes, and it is not polled`,
        fix: 'make a rule whose target is the pipeline, with a role that may start it; where people or other pipelines start it, nothing is to do',
        origin,
      })
  const foreign = sources.flatMap((source): Target[] => {
    const from = parseArn(source.roleArn ?? '')?.account ?? account
    return from === account ? [] : [{ account: from, region: source.region ?? region }]
  })
  await Promise.all(foreign.map((from) => readForwards(reading, { from, home, pipeline: arn })))
}

/** AWS: a source that can be polled is, unless it says otherwise. */
function isNotPolled({ actionTypeId, configuration = {} }: ActionDeclaration): boolean {
  const polling = findProvider(actionTypeId)?.starts?.polling
  return !polling || configuration[polling] === 'false'
}

/** AWS: services tell their events on the default bus; other buses get what is sent to them. */
async function busesOf(reading: Reading, target: Target): Promise<string[]> {
  const { EventBridgeClient, ListEventBusesCommand } = await import('@aws-sdk/client-eventbridge')
  const answer = await reading.ask({ what: 'the names of the event buses', target }, async () => {
    const client = await reading.client(EventBridgeClient, target)
    return pagesOf(async (NextToken) => {
      const page = await client.send(new ListEventBusesCommand({ NextToken }))
      return { items: page.EventBuses, next: page.NextToken }
    })
  })
  const names = 'found' in answer ? answer.found.flatMap(({ Name }) => Name ?? []) : []
  return [...new Set([DEFAULT_BUS, ...names])]
}

async function pagesOf<T>(
  ask: (token: string | undefined) => Promise<{ items?: readonly T[]; next?: string }>,
): Promise<T[]> {
  const all: T[] = []
  let token: string | undefined
  do {
    const { items = [], next } = await ask(token)
    all.push(...items)
    token = next
  } while (token)
  return all
}

interface RuleSearch {
  readonly target: Target
  readonly bus: string
  /** What the rules' target is: the pipeline, or the bus of its account. */
  readonly of: Arn
  readonly pipeline: Arn
}

/** Gives the names of the rules with a target; undefined where they could not be read. */
async function readRules(reading: Reading, search: RuleSearch): Promise<string[] | undefined> {
  const { target, bus, of } = search
  const { EventBridgeClient, ListRuleNamesByTargetCommand } = await import('@aws-sdk/client-eventbridge')
  const question = { what: `the rules of the event bus ${bus} whose target is ${of}`, target }
  const answer = await reading.ask(question, async () => {
    const client = await reading.client(EventBridgeClient, target)
    const names = await pagesOf(async (NextToken) => {
      const asked = { TargetArn: of, EventBusName: bus, NextToken }
      const page = await client.send(new ListRuleNamesByTargetCommand(asked))
      return { items: page.RuleNames, next: page.NextToken }
    })
    return { client, names }
  })
  if ('why' in answer) return undefined
  if ('absent' in answer) return []
  const { client, names } = answer.found
  await Promise.all(names.map((name) => readRule(reading, client, name, search)))
  return names
}

async function readRule(
  reading: Reading,
  client: EventBridgeClient,
  Name: string,
  { target, bus, of, pipeline }: RuleSearch,
): Promise<void> {
  const { DescribeRuleCommand, ListTargetsByRuleCommand } = await import('@aws-sdk/client-eventbridge')
  const answer = await reading.ask({ what: `the rule ${Name}`, target }, async () => {
    const rule = await client.send(new DescribeRuleCommand({ Name, EventBusName: bus }))
    const targets = await pagesOf(async (NextToken) => {
      const asked = { Rule: Name, EventBusName: bus, NextToken }
      const page = await client.send(new ListTargetsByRuleCommand(asked))
      return { items: page.Targets, next: page.NextToken }
    })
    return { rule, targets }
  })
  if (!('found' in answer)) return
  const { rule, targets } = answer.found
  const origin = await originOf(reading, target, { physicalId: Name, type: 'AWS::Events::Rule' })
  const { account, region } = target
  for (const { Arn, RoleArn } of targets.filter((one) => one.Arn === of))
    reading.starts.push({
      account,
      region,
      origin,
      rule: rule.Arn ?? formatArn('events', region, account, `rule/${Name}`),
      pipeline,
      ...(rule.EventPattern !== undefined && { pattern: rule.EventPattern }),
      listensTo: bus,
      isDisabled: rule.State === 'DISABLED',
      ...(Arn !== pipeline && { bus: of }),
      ...(RoleArn && { role: RoleArn }),
    })
}

interface Forwarding {
  readonly from: Target
  readonly home: Target
  readonly pipeline: Arn
}

/** AWS: events of another account arrive when a rule there sends them to a bus here, and the bus lets them in. */
async function readForwards(reading: Reading, { from, home, pipeline }: Forwarding): Promise<void> {
  const { account, region } = home
  const bus = formatArn('events', region, account, `event-bus/${DEFAULT_BUS}`)
  const [rules] = await Promise.all([
    readRules(reading, { target: from, bus: DEFAULT_BUS, of: bus, pipeline }),
    readBusPolicy(reading, bus, home),
  ])
  if (rules?.length === 0)
    reading.findings.push({
      rule: 'events-not-forwarded',
      severity: 'warning',
      message: `no rule of account ${from.account}, ${from.region}, sends the source's events to ${bus}`,
      fix: `make a rule in account ${from.account} whose target is that bus, with a role that may events:PutEvents on it`,
    })
}

function readBusPolicy(reading: Reading, arn: Arn, target: Target): Promise<void> {
  return reading.once(`event bus ${arn}`, async () => {
    const { DescribeEventBusCommand, EventBridgeClient } = await import('@aws-sdk/client-eventbridge')
    const answer = await reading.ask(
      { what: `the policy of the event bus ${arn}`, arn, target },
      async () => {
        const client = await reading.client(EventBridgeClient, target)
        return client.send(new DescribeEventBusCommand({ Name: DEFAULT_BUS }))
      },
    )
    if (!('found' in answer)) return
    const type = 'AWS::Events::EventBusPolicy'
    const origin = await originOf(reading, target, { physicalId: DEFAULT_BUS, type })
    const policy = reading.policy(answer.found.Policy, resourcePolicyOf(arn), origin)
    if (policy) reading.resourcePolicies.set(arn, policy)
    else reading.withoutPolicy.set(arn, origin)
  })
}
