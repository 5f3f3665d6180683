import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseFleet } from '../fleet/index.ts'
import { synthesize } from './index.ts'

const FOLDER = join(import.meta.dirname, '..', '..', 'tests', 'golden', 'gates')

/** What is warned of where two stacks of one stage hang together. */
const warnings = (stage: string) =>
  synthesize(
    parseFleet(
      `
fleet: acme
hub: { account: "111111111111", region: us-east-1 }
environments: { dev: { account: "222222222222", regions: [us-east-1] } }
pipelines:
  orders:
    source: { github: acme/orders }
    deploy:
      - { name: network, cloudformation: { template: network.yaml, stack: n } }
      - { name: service, cloudformation: { template: service.yaml, stack: s, parameters: { Range: "\${outputs.network.Range}" } } }
    stages: [${stage}]
`,
      join(FOLDER, 'crossdock.yaml'),
    ),
  ).warnings!.map(String)

it('a change set that is made after the approval is told', () => {
  expect(warnings('{ environment: dev, approve: true }')).toEqual([
    expect.stringMatching(
      /crossdock.yaml:10:\d+: the change set of service is made after the approval of dev: it takes an output of the same stage\n {2}fix: use two stages: the first deploys what has the output$/,
    ),
  ])
})

it('without an approval there is nobody to tell', () => {
  expect(warnings('{ environment: dev, changeSets: true }')).toEqual([])
})
