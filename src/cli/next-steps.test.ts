import { expect, test } from 'vitest'
import { fakeTerminal } from '../../tests/fake-terminal.ts'
import { parseFleet } from '../fleet/index.ts'
import { printConnections, printPushes } from './next-steps.ts'

const fleetOf = (count: number) =>
  parseFleet(
    `
fleet: acme
hub: { account: "111111111111", region: us-east-1 }
environments: { dev: { account: "222222222222", regions: [us-east-1] } }
pipelines:
${Array.from(
  { length: count },
  (_, index) =>
    `  app${index}: { source: { github: acme/app${index} }, deploy: [{ s3: { bucket: site } }], stages: [dev] }`,
).join('\n')}
`,
    '/nowhere/crossdock.yaml',
  )

const pushes = (count: number, endpoint?: string): string[] => {
  const { terminal, lines } = fakeTerminal()
  printPushes({ fleet: fleetOf(count), accounts: { endpoint } as never }, terminal)
  return lines
}

test('on AWS it is a push to the repository, on an embedded cloud to its address, without the secret', () => {
  expect(pushes(1)).toEqual([
    'next: a push to acme/app0 at GitHub, branch main, starts app0',
    '      "crossdock status" shows how they stand',
  ])
  expect(pushes(1, 'http://127.0.0.1:4566')[0]).toBe(
    'next: git push http://111111111111@127.0.0.1:4566/_codeconnections/acme/app0.git HEAD:main starts app0',
  )
})

test('of many pipelines some are told', () => {
  expect(pushes(12)).toHaveLength(5)
  expect(pushes(12)[3]).toBe('      and so on for 9 pipelines more')
})

test('a connection that is pending is told with its page in the console', () => {
  const { terminal, lines } = fakeTerminal()
  const console = 'https://us-east-1.console.aws.amazon.com/codesuite/settings/connections?region=us-east-1'
  printConnections([{ arn: 'arn:c', status: 'PENDING', provider: 'GitHub', console }], terminal)
  expect(lines).toEqual([
    'pending the connection to GitHub arn:c',
    `  until somebody chooses "Update pending connection" there, its sources fail: ${console}`,
  ])
})
