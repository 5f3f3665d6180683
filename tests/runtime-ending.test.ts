/** Functions whose runtime runs out are told, with the day of the data. */
import { expect, test } from 'vitest'
import { checkStacks } from './access-systems.ts'

const made = (Runtime: string) => ({
  stack: 'target' as const,
  at: 'Resources.Check',
  to: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Role: 'arn:aws:iam::222222222222:role/x',
      Runtime,
      Handler: 'index.handler',
      Code: { ZipFile: '' },
    },
  },
})

const told = (runtime: string) =>
  checkStacks('stack', [made(runtime)]).findings.filter(({ rule }) => rule === 'runtime-ending')

test('a runtime that AWS has announced to end is a warning', () => {
  expect(told('nodejs20.x')).toMatchObject([
    {
      severity: 'warning',
      message: expect.stringMatching(/from 2026-08-31 on no function .* nodejs20\.x \(its page of 2026-03;/),
      origin: { logicalId: 'Check', stack: 'target' },
    },
  ])
  expect(told('nodejs24.x')).toEqual([])
})
