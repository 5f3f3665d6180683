/** Whoever deploys has the policies that `crossdock policy --operator` prints, and nothing else. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam'
import { expect, test } from 'vitest'
import type { Accounts, ClientClass } from '../../src/aws/index.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { type DeployEvent, DeploymentFailure, deploy } from '../../src/deploy/index.ts'
import { loadFleet } from '../../src/fleet/index.ts'
import {
  type Assembly,
  type AssemblyStack,
  FleetError,
  type PolicyDocument,
  type PolicyStatement,
  type Target,
} from '../../src/model/index.ts'
import { type OperatorPolicy, operatorPolicies, renderTemplate, synthesize } from '../../src/synth/index.ts'
import { FLEETS } from '../synth-fleets.ts'

interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

const bugs: unknown[] = []
const fleet = await loadFleet('examples/hello/crossdock.yaml')
const assembly = synthesize(fleet)
const policies = operatorPolicies(fleet, assembly)

async function inCloud<T>(work: (cloud: Cloud) => Promise<T>): Promise<T> {
  const cloud = await startCloud({ onBug: (where, error) => bugs.push({ where, error }) })
  try {
    return await work(cloud)
  } finally {
    await cloud.stop()
    expect(bugs).toEqual([])
  }
}

/** Makes somebody with the policies in each account, and gives the way in as that. */
async function operators(all: readonly OperatorPolicy[], { endpoint, secret }: Cloud): Promise<Accounts> {
  const people = new Map<string, Credentials>()
  const make = <C>(of: ClientClass<C>, region: string, credentials: Credentials): C =>
    new of({ region, credentials, endpoint } as never)
  for (const { account, policies } of all) {
    const iam = make(IAMClient, 'us-east-1', { accessKeyId: account, secretAccessKey: secret })
    const UserName = 'operator'
    await iam.send(new CreateUserCommand({ UserName }))
    for (const [index, part] of policies.entries()) {
      const PolicyName = `${UserName}-${index}`
      const PolicyDocument = JSON.stringify(part)
      const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument }))
      await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: Policy?.Arn }))
    }
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
    people.set(account, {
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    })
  }
  return {
    client: async <C>(of: ClientClass<C>, { account, region }: Target) =>
      make(of, region, people.get(account)!),
    verify: async () => undefined,
    endpoint,
  } as unknown as Accounts
}

/** Gives how the stacks came out, or why they did not. */
async function deployed(accounts: Accounts, what: Assembly): Promise<string> {
  const outcomes = new Set<string>()
  const context = {
    accounts,
    render: (stack: AssemblyStack) => renderTemplate(stack.template),
    listener: (event: DeployEvent) => {
      if (event.type === 'stack-done') outcomes.add(event.outcome)
    },
    pace: { interval: 20, sleep: (ms: number) => sleep(ms) },
    now: Date.now,
    token: randomUUID(),
  }
  return deploy(what, context).then(
    () => [...outcomes].sort().join(' '),
    (error) => {
      if (error instanceof DeploymentFailure || error instanceof FleetError) return error.message
      throw error
    },
  )
}

test('they deploy the fleet from nothing, again, and after a change of every stack', () =>
  inCloud(async (cloud) => {
    const accounts = await operators(policies, cloud)
    expect(await deployed(accounts, assembly)).toBe('created')
    expect(await deployed(accounts, assembly)).toBe('unchanged')
    const changed = synthesize({ ...fleet, tags: { Team: 'new' }, keepArtifacts: 3 })
    expect(await deployed(accounts, changed)).toBe('updated')
    expect(deniedIn(cloud)).toEqual([])
  }))

/** AWS asks under the one or the other name of the service, as the connection's own ARN has it; here there is the older. */
const OTHER_NAME = 'codeconnections:PassConnection'

/** What a deployment goes on without, or does only where something left the file. */
const canBeMissed = (Action: PolicyStatement['Action'], needs: OperatorPolicy['needs']): boolean =>
  [Action ?? []]
    .flat()
    .every((action) =>
      needs.some((need) => need.action === action && (need.optional || action.startsWith('ssm:Delete'))),
    )

/** Of accounts that are deployed to one stands for all. */
const everyStatement = policies
  .slice(0, 2)
  .flatMap(({ account, policies, needs }) =>
    policies
      .flatMap(({ Statement }) => Statement as PolicyStatement[])
      .flatMap(({ Sid = '', Action }) =>
        Action === OTHER_NAME || canBeMissed(Action, needs) ? [] : [[account, Sid] as const],
      ),
  )

test.each(everyStatement)('in %s nobody deploys it without %s', (account, sid) =>
  inCloud(async (cloud) => {
    const lacking = policies.map((one) =>
      one.account === account
        ? { ...one, policies: one.policies.map((policy) => without(policy, sid)) }
        : one,
    )
    expect(await deployed(await operators(lacking, cloud), assembly)).toMatch(/not authorized to perform/)
  }),
)

const without = (policy: PolicyDocument, sid: string): PolicyDocument => ({
  ...policy,
  Statement: (policy.Statement as PolicyStatement[]).filter(({ Sid }) => Sid !== sid),
})

const deniedIn = (cloud: Cloud) =>
  cloud.trail.entries().flatMap(({ decision }) => (decision.effect === 'allowed' ? [] : decision.message))

/** Fleets that name a role or a user which stands before, and what the embedded cloud says when it does not. */
const WANTING: Readonly<Record<string, string>> = {
  gates: 'The role with name release cannot be found',
  supply: 'Invalid principal in policy',
}

test.each(Object.entries(FLEETS))('they deploy the fleet %s, whatever its file has', (name, file) =>
  inCloud(async (cloud) => {
    const fleet = await loadFleet(file)
    const assembly = synthesize(fleet)
    const accounts = await operators(operatorPolicies(fleet, assembly), cloud)
    const outcome = await deployed(accounts, assembly)
    expect(outcome).toContain(WANTING[name] ?? 'created')
    expect(deniedIn(cloud)).toEqual([])
  }),
)
