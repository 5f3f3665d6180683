import { expect, it } from 'vitest'
import { expandText, type FleetErrors, parseFleet } from './index.ts'

const file = (stages: string, bucket = '${values.Size}-${values.Cidr}') => `fleet: acme
hub: { account: 111111111111, region: us-east-1 }
values: { Size: fleet, Cidr: none }
environments:
  dev: { account: 222222222222, regions: [us-east-1], values: { Size: 1.10 } }
  prod: { account: 444444444444, regions: { us-east-1: { Cidr: 1.20 }, eu-west-1: { Cidr: 2, Only: x } } }
pipelines:
  web:
    source: { github: acme/web }
    values: { Size: pipeline }
    deploy: [{ s3: { bucket: "${bucket}" } }]
    stages: ${stages}
`
const valuesOf = (stages: string) =>
  parseFleet(file(stages), 'c.yaml').pipelines[0]!.stages.map(({ places }) =>
    Object.fromEntries(places.map(({ region, values }) => [region, values])),
  )

it('the nearest wins: stage, region, environment, pipeline, fleet; each is the text that is written', () => {
  expect(
    valuesOf('[dev, prod, { environment: prod, name: last, regions: [eu-west-1], values: { Cidr: stage } }]'),
  ).toEqual([
    { 'us-east-1': { Size: '1.10', Cidr: 'none' } },
    {
      'us-east-1': { Size: 'pipeline', Cidr: '1.20' },
      'eu-west-1': { Size: 'pipeline', Cidr: '2', Only: 'x' },
    },
    { 'eu-west-1': { Size: 'pipeline', Cidr: 'stage', Only: 'x' } },
  ])
})

it('a value stands where it is named, and one that there is not stays for the shell', () => {
  const scope = { fleet: 'a', pipeline: 'p', branch: 'b', values: { Size: 'large' } }
  expect(expandText('${values.Size} ${values.Other} ${values} $HOME', scope)).toBe(
    'large ${values.Other} ${values} $HOME',
  )
})

it.each([
  [
    '${values.Cird}',
    '[dev]',
    /^c\.yaml:11:30: \$\{values\.Cird\} has no value in dev\n {2}fix: add it to environments\.dev\.values$/,
  ],
  ['${values.Only}', '[prod]', /\$\{values\.Only\} has no value in prod us-east-1/],
  ['${values.9}', '[dev]', /does not stand for anything here/],
])('%s in %s is told', (bucket, stages, told) => {
  try {
    parseFleet(file(stages, bucket), 'c.yaml')
    expect.unreachable()
  } catch (error) {
    expect((error as FleetErrors).errors.map(String).join('\n')).toMatch(told)
  }
})
