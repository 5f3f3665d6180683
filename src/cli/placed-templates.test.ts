import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fakeTerminal } from '../../tests/fake-terminal.ts'
import type { Fleet } from '../fleet/index.ts'
import { UsageError } from './command.ts'
import { placedTemplates, refuseRegion } from './placed-templates.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossdock-placed-'))
afterAll(() => rmSync(folder, { recursive: true }))
const hub = join(folder, 'hub.yaml')
const app = join(folder, 'app.yaml')
writeFileSync(hub, 'Resources: { Topic: { Type: AWS::SNS::Topic } }\nOutputs: { Arn: { Value: !Ref Topic } }')
writeFileSync(
  app,
  'Parameters: { Topic: { Type: String }, Many: { Type: CommaDelimitedList, Default: x } }\nResources: { Own: { Type: AWS::SNS::Topic } }',
)

const FLEET = {
  hub: { account: '111111111111', region: 'us-east-1' },
  environments: [
    {
      name: 'dev',
      accounts: [{ environment: 'dev', name: 'dev', account: '222222222222', home: 'eu-west-1' }],
      regions: ['eu-west-1', 'us-east-1'],
    },
  ],
} as unknown as Fleet
const placed = (templates: string[], fleet?: Fleet) =>
  placedTemplates(
    { options: { templates } as never, arguments: [], terminal: fakeTerminal().terminal },
    fleet,
  )

test('a template stands in its account and region, as the stack of its name', () => {
  expect(placed([`111111111111/us-east-1=${hub}`])).toMatchObject([
    { stack: 'hub', target: { account: '111111111111', region: 'us-east-1' }, file: hub, parameters: {} },
  ])
  expect(placed([`111111111111/us-east-1=${hub}#other`])).toMatchObject([{ stack: 'other' }])
})

test('a place may be a name of the fleet, in its first region or another', () => {
  expect(
    placed([`hub=${hub},dev=${hub}`, `dev=${hub}@us-east-1`], FLEET).map(({ target }) => target),
  ).toEqual([
    FLEET.hub,
    { account: '222222222222', region: 'eu-west-1' },
    { account: '222222222222', region: 'us-east-1' },
  ])
})

test("values follow the file; one may be another stack's output, also within a list", () => {
  const [, found] = placed([`hub=${hub}`, `hub=${app},Topic=@hub.Arn,Many=a,@hub.Arn`], FLEET)
  const reference = { stack: 'hub', target: FLEET.hub, output: 'Arn' }
  expect(found!.parametersFrom).toEqual({ Topic: [reference], Many: ['a', reference] })
  expect(placed([`hub=${app},Topic=t`], FLEET)[0]!.parameters).toEqual({ Topic: 't' })
})

test('the output is taken from the same place where the stack stands there too', () => {
  const all = [`dev=${hub}`, `hub=${hub}`, `hub=${app},Topic=@hub.Arn`]
  expect(placed(all, FLEET)[2]!.parametersFrom!.Topic).toMatchObject([{ target: FLEET.hub }])
})

test.each<[string[], RegExp]>([
  [
    [`nowhere=${hub}`],
    /^".*" names no place: write <account of 12 digits>\/<region>=<file>.*, or one of hub, dev$/,
  ],
  [[`hubb=${hub}`], /did you mean "hub"\?/],
  [[`111111111111/mars=${hub}`], /^"mars" is no region/],
  [
    [`hub=${app},Topic=t,x,-`, `hub=${app},Topic=t`],
    /are both the stack "app" in 111111111111 us-east-1: name/,
  ],
  [[`hub=${app},x`], /^"x" behind .*app\.yaml is no <Parameter>=<value>$/],
  [
    [`hub=${app},Topic=@huub.Arn`, `dev=${hub}`],
    /no other template is the stack "huub"; did you mean "hub"\?; there are hub$/,
  ],
  [[`hub=${app},Topic=@app.Arn`], /no other template is the stack "app"; there are none$/],
])('%j is wrong usage', (templates, message) => {
  expect(() => placed(templates, FLEET)).toThrow(message)
  expect(() => placed(templates, FLEET)).toThrow(UsageError)
})

test('an output that the stack lacks is told at its template', () => {
  expect(() => placed([`hub=${hub}`, `hub=${app},Topic=@hub.Arm`], FLEET)).toThrow(
    expect.objectContaining({
      message: 'the stack hub has no output Arm',
      fix: 'write @hub.Arn',
      location: expect.objectContaining({ file: hub, line: 2 }),
    }),
  )
})

test.each(['us-east-1', 'ap-southeast-4', 'us-gov-west-1', 'cn-north-1', 'eusc-de-east-1'])(
  '%s is a region',
  (region) => {
    expect(() => refuseRegion(region)).not.toThrow()
  },
)
test.each(['us-east', 'xx-east-1', 'us-east-1a', ''])('"%s" is none', (region) => {
  expect(() => refuseRegion(region)).toThrow('is no region')
})
