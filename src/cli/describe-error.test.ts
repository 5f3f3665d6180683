import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fakeTerminal } from '../../tests/fake-terminal.ts'
import { DeploymentFailure } from '../deploy/index.ts'
import { FleetErrors } from '../fleet/index.ts'
import { FleetError } from '../model/index.ts'
import { UsageError } from './command.ts'
import { describeError } from './describe-error.ts'
import { PACKAGE_FOLDER, VERSION } from './version.ts'

const said = (error: unknown) => describeError(error, fakeTerminal().terminal)
const wrong = new FleetError('it is wrong', {
  location: { file: 'f.yaml', line: 2, column: 3 },
  fix: 'mend it',
})

test.each<[string, unknown, string]>([
  ["a user's mistake", wrong, 'error f.yaml:2:3: it is wrong\n  fix: mend it'],
  [
    'several',
    new FleetErrors([wrong, new FleetError('so is this')]),
    'error so is this\nerror f.yaml:2:3: it is wrong\n  fix: mend it',
  ],
  ['wrong usage', new UsageError('name the role'), 'error name the role'],
  [
    "AWS's answer",
    Object.assign(new Error('no'), { name: 'AccessDenied', $fault: 'client', $metadata: {} }),
    'error AccessDenied: no',
  ],
  [
    "the system's",
    Object.assign(new Error('EADDRINUSE: in use'), { code: 'EADDRINUSE', syscall: 'listen' }),
    'error EADDRINUSE: in use',
  ],
  ['a text', 'thrown', 'error this is a bug in Crossdock: thrown'],
])('%s is told', (_, error, text) => {
  expect(said(error)).toBe(text)
})

test('a deployment that failed names what did, not its trace', () => {
  const target = { account: '222222222222', region: 'us-east-1' }
  const failure = new DeploymentFailure([{ stack: 'app', target, environment: 'dev', reason: 'no' }])
  expect(said(failure)).toBe('error app in dev (222222222222, us-east-1) failed: no')
})

test('a bug is told with its trace', () => {
  expect(said(new TypeError('x is undefined'))).toMatch(
    /^error this is a bug in Crossdock: TypeError: x is undefined\n {4}at /,
  )
  expect(said(Object.assign(new Error('odd'), { code: 'ODD' }))).toContain('this is a bug')
})

test("the version is the package's own", () => {
  const { name, version } = JSON.parse(readFileSync(`${PACKAGE_FOLDER}/package.json`, 'utf8'))
  expect([name, version]).toEqual(['crossdock', VERSION])
})
