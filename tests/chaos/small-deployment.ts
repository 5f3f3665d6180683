/** Two stacks in two waves, deployed through a proxy that does to the calls what a test wants. */
import { Accounts, type PatienceOptions } from '../../src/aws/index.ts'
import { type DeployEvent, deploy } from '../../src/deploy/index.ts'
import type { Assembly, AssemblyStack } from '../../src/model/index.ts'

let accounts = 0

/** An account that no test before has touched. */
export const freshAccount = (): string => String(220_000_000_000 + ++accounts)

/** A clock that stands still but for what is slept: minutes pass at once. */
export class SleepClock {
  private time = 0
  readonly now = (): number => this.time
  readonly sleep = async (milliseconds: number): Promise<void> => {
    const until = this.time + milliseconds
    await new Promise((resolve) => setImmediate(resolve))
    this.time = Math.max(this.time, until)
  }
}

const stack = (name: string, account: string, more: Partial<AssemblyStack> = {}): AssemblyStack => ({
  name,
  target: { account, region: 'us-east-1' },
  environment: 'dev',
  title: name,
  template: {
    Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: name } } },
    Outputs: { Arn: { Value: { Ref: 'Topic' } } },
  },
  capabilities: [],
  tags: { fleet: 'small' },
  parametersFrom: {},
  ...more,
})

/** `count` stacks in the first wave; the stack of the second takes the first one's output. */
export function smallAssembly(
  account: string,
  { count = 1, displayName = 'second' }: { count?: number; displayName?: string } = {},
): Assembly {
  const first = Array.from({ length: count }, (_, index) => stack(`first-${index}`, account))
  const from = { stack: 'first-0', target: first[0]!.target, output: 'Arn' }
  const second = stack('second', account, {
    parametersFrom: { Other: from },
    template: {
      Parameters: { Other: { Type: 'String' } },
      Resources: {
        Topic: {
          Type: 'AWS::SNS::Topic',
          Properties: { DisplayName: displayName, Tags: [{ Key: 'other', Value: { Ref: 'Other' } }] },
        },
      },
    },
  })
  return { fleet: 'small', waves: [first, [second]], pipelines: [] }
}

let deployments = 0

/** Deploys at an endpoint and gives what was told of it. */
export async function deployAt(
  endpoint: string,
  assembly: Assembly,
  options: {
    patience?: PatienceOptions
    force?: boolean
    concurrency?: { perTarget: number; total: number }
    clock?: SleepClock
  } = {},
): Promise<{ outcomes: Record<string, string>; events: DeployEvent[]; waits: string[] }> {
  const { clock = new SleepClock(), patience, ...more } = options
  const events: DeployEvent[] = []
  const waits: string[] = []
  const { account } = assembly.waves[0]![0]!.target
  const reached = new Accounts([{ name: 'dev', account }], {
    endpoint,
    patience: { ...clock, onWait: (text) => waits.push(text), ...patience },
  })
  try {
    await deploy(assembly, {
      accounts: reached,
      render: ({ template }) => JSON.stringify(template),
      listener: (event) => events.push(event),
      pace: {
        interval: 5,
        sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      },
      now: clock.now,
      token: `small-${++deployments}`,
      ...more,
    })
  } finally {
    reached.close()
  }
  const outcomes = Object.fromEntries(
    events.flatMap((event) => (event.type === 'stack-done' ? [[event.stack.name, event.outcome]] : [])),
  )
  return { outcomes, events, waits }
}
