/** `crossdock policy`: what CloudFormation must be allowed for the stacks of the pipelines, and nothing more. */
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { loadFleet } from '../../fleet/index.ts'
import { FleetError } from '../../model/index.ts'
import {
  type ExecutionPolicy,
  executionPolicies,
  INLINE_LIMIT,
  operatorPolicies,
  type RecordedCall,
  recordedPolicies,
  synthesize,
} from '../../synth/index.ts'
import { APPLICATION_OPTION } from '../application-templates.ts'
import { type Command, type Invocation, UsageError } from '../command.ts'
import { TEMPLATES_OPTION } from '../placed-templates.ts'
import { applicationsIn, proofInputOf } from '../proof-input.ts'
import { templatePolicies } from '../template-policies.ts'
import type { Terminal } from '../terminal.ts'
import { operatorText } from '../view/operator-view.ts'
import { FLEET_OPTION } from '../workspace.ts'

export const policy: Command = {
  arguments: [{ flags: '[pipeline]', description: 'one pipeline; all of them without it' }],
  options: [
    FLEET_OPTION,
    TEMPLATES_OPTION,
    APPLICATION_OPTION,
    {
      flags: '--operator',
      description: 'print what whoever runs `crossdock deploy` must be allowed, account by account',
    },
    {
      flags: '--from-trail <place>',
      description: "compute them from the calls of a run: an embedded AWS's address, or a file of its trail",
    },
  ],
  examples: ['policy shop', 'policy --operator', 'policy --from-trail http://127.0.0.1:4566'],
  run: async (invocation) => {
    const { options, terminal } = invocation
    if (options.operator) return printOperator(invocation)
    const wanted = options.templates === undefined ? await ofFleet(invocation) : await ofTemplates(invocation)
    if (options.json) terminal.print(JSON.stringify(wanted, null, 2))
    else print(wanted, terminal)
    return wanted.some(({ unknownTypes }) => unknownTypes.length) ? 1 : 0
  },
}

/** Prints who must be allowed what to deploy the fleet. Errors: UsageError, FleetError of the file. */
async function printOperator({ options, arguments: [pipeline], terminal }: Invocation): Promise<number> {
  for (const [name, given] of Object.entries({ ...options, pipeline }))
    if (['templates', 'application', 'fromTrail', 'pipeline'].includes(name) && given !== undefined)
      throw new UsageError('--operator is about the whole fleet: it goes with --fleet alone')
  const fleet = await loadFleet(typeof options.fleet === 'string' ? options.fleet : undefined)
  const policies = operatorPolicies(fleet, synthesize(fleet))
  if (options.json) terminal.print(JSON.stringify(policies, null, 2))
  else for (const one of policies) terminal.print(operatorText(one))
  return 0
}

/** The policies of a fleet's pipelines, from its templates or from what a run called. */
async function ofFleet(invocation: Invocation): Promise<ExecutionPolicy[]> {
  const { options } = invocation
  if (applicationsIn(invocation).length)
    throw new UsageError('--application goes with --templates: a fleet file names the templates itself')
  const fleet = await loadFleet(typeof options.fleet === 'string' ? options.fleet : undefined)
  const place = options.fromTrail
  const all =
    typeof place === 'string' ? recordedPolicies(fleet, await readTrail(place)) : executionPolicies(fleet)
  const ids = fleet.pipelines.map(({ id }) => id)
  return chosen(invocation, ids, all)
}

/** The policies of the stacks that pipelines of plain templates deploy. */
async function ofTemplates(invocation: Invocation): Promise<ExecutionPolicy[]> {
  if (invocation.options.fromTrail !== undefined)
    throw new UsageError('--from-trail goes with a fleet file, not with --templates')
  const { pipelines, policies } = templatePolicies(await proofInputOf(invocation))
  return chosen(invocation, pipelines, policies)
}

/** Errors: FleetError for a pipeline that is not there. */
function chosen(
  { arguments: [pipeline] }: Invocation,
  ids: readonly string[],
  all: readonly ExecutionPolicy[],
): ExecutionPolicy[] {
  if (pipeline === undefined) return [...all]
  const found = all.filter((one) => one.pipeline === pipeline || one.id === pipeline)
  if (!found.length && !ids.includes(pipeline))
    throw new FleetError(`there is no pipeline "${pipeline}"`, { fix: `name one of ${ids.join(', ')}` })
  return found
}

/**
 * Reads JSON lines from a file, or from an embedded AWS that runs at an address. A trail may be larger than a text can be,
 * and its calls come again and again: it is read line by line, and each call is kept once.
 */
async function readTrail(place: string): Promise<RecordedCall[]> {
  const calls = new Map<string, RecordedCall>()
  for await (const line of createInterface({
    input: await trailAt(place),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (!line.trim()) continue
    const { action, resource, principal, region, context, decision } = callIn(line, place)
    const service = context?.['iam:PassedToService']
    const call = { action, resource, principal, region, decision: { effect: decision.effect } }
    calls.set(JSON.stringify([call, service]), {
      ...call,
      context: service ? { 'iam:PassedToService': service } : {},
    })
  }
  return [...calls.values()]
}

function callIn(line: string, place: string): RecordedCall {
  try {
    return JSON.parse(line) as RecordedCall
  } catch {
    throw new FleetError(`${place} is no trail: it is not one JSON document a line`, {
      fix: 'save what `GET /_crossdock/trail` of an embedded AWS answers, or give its address',
    })
  }
}

async function trailAt(place: string): Promise<Readable> {
  const fix =
    'start it with `crossdock cloud`, or `crossdock demo --keep`, and give the address that it prints'
  if (!/^https?:/.test(place)) {
    const file = await open(place).catch(() => {
      throw new FleetError(`there is no file ${place}`, { fix: 'check the path given with --from-trail' })
    })
    return file.createReadStream()
  }
  const url = new URL(place)
  if (url.pathname === '/') url.pathname = '/_crossdock/trail'
  const answer = await fetch(url).catch(() => {
    throw new FleetError(`nothing answers at ${url.origin}`, { fix })
  })
  if (!answer.ok || !answer.body) throw new FleetError(`${url.href} answers ${answer.status}`, { fix })
  return Readable.fromWeb(answer.body)
}

function print(policies: readonly ExecutionPolicy[], terminal: Terminal): void {
  if (!policies.length) terminal.print('no pipeline deploys a CloudFormation stack')
  for (const {
    pipeline,
    environment,
    account,
    region,
    stack,
    role,
    policy,
    managedPolicies,
    unknownTypes,
  } of policies) {
    const place = environment === undefined ? `${account} ${region}` : `${environment} (${account} ${region})`
    terminal.print(`# ${pipeline}: stack ${stack} in ${place}`)
    terminal.print(`# of the role ${role}`)
    for (const arn of managedPolicies) terminal.print(`# with the managed policy ${arn}`)
    const size = JSON.stringify(policy).length
    if (size > INLINE_LIMIT)
      terminal.print(
        `# ${size} bytes: a role's inline policies take ${INLINE_LIMIT}, so that \`deploy\` attaches managed ones too`,
      )
    for (const type of unknownTypes)
      terminal.print(
        `# lacks what ${type} takes, which is not known${environment === undefined ? '' : ': list it under `permissions:` of the deploy'}`,
      )
    terminal.print(`${JSON.stringify(policy, null, 2)}\n`)
  }
}
