/** Reading parameters: by name, by path, and their history. */

import type { Parameter as ParameterOutput } from '@aws-sdk/client-ssm'
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { notFound, type ParameterRef, parameterArn, reference, selectVersion } from '../engine/find.ts'
import { matchesFilters } from '../engine/parameter-filter.ts'
import { publicParameter, publicParameters } from '../engine/public-parameters.ts'
import { readValue } from '../engine/secure-string.ts'
import { parameterKind } from '../kinds.ts'
import { latestOf, type Parameter, type ParameterVersion, parameters } from '../state.ts'

async function describe(
  ctx: Context,
  parameter: Parameter,
  version: ParameterVersion,
  decrypt: boolean | undefined,
  selector?: string,
): Promise<ParameterOutput> {
  return {
    Name: parameter.name,
    Type: version.type,
    Value: await readValue(ctx, parameter, version, decrypt),
    Version: version.version,
    Selector: selector,
    LastModifiedDate: new Date(version.modifiedAt),
    ARN: parameter.arn,
    DataType: 'text',
  }
}

export const GetParameter = operation({
  service: 'ssm',
  name: 'GetParameter',
  access: ({ Name }, ctx) => [parameterKind.on(ctx, 'GetParameter', reference(Name).name)],
  run: async ({ Name, WithDecryption }, ctx) => {
    const { name, selector } = reference(Name)
    const parameter = publicParameter(ctx, name) ?? parameterKind.find(ctx, name)
    const version = selectVersion(parameter, selector)
    return { Parameter: await describe(ctx, parameter, version, WithDecryption, selector) }
  },
})

/** AWS: names that are not found, also by their version or label, are told in InvalidParameters. */
export const GetParameters = operation({
  service: 'ssm',
  name: 'GetParameters',
  access: ({ Names }, ctx) =>
    Names.map((name) => parameterKind.on(ctx, 'GetParameters', reference(name).name)),
  run: async ({ Names, WithDecryption }, ctx) => {
    const Parameters: ParameterOutput[] = []
    const InvalidParameters: string[] = []
    for (const text of new Set(Names)) {
      const ref = reference(text)
      const found = find(ctx, ref)
      if (found) Parameters.push(await describe(ctx, ...found, WithDecryption, ref.selector))
      else InvalidParameters.push(text)
    }
    return { Parameters, InvalidParameters }
  },
})

const readable = (ctx: Context, name: string): Parameter | undefined =>
  publicParameter(ctx, name) ?? parameterKind.lookUp(ctx, name)

function find(ctx: Context, { name, selector }: ParameterRef): [Parameter, ParameterVersion] | undefined {
  const parameter = readable(ctx, name)
  if (!parameter) return undefined
  try {
    return [parameter, selectVersion(parameter, selector)]
  } catch {
    return undefined
  }
}

/** AWS: the permission is asked for the path itself. Without Recursive only the level below it is given. */
export const GetParametersByPath = operation({
  service: 'ssm',
  name: 'GetParametersByPath',
  access: ({ Path, Recursive }, ctx) => [
    {
      action: 'ssm:GetParametersByPath',
      resource: parameterArn(ctx, Path),
      context: { 'ssm:Recursive': String(Recursive ?? false) },
    },
  ],
  run: async (input, ctx) => {
    const { Path, Recursive, ParameterFilters = [], WithDecryption, NextToken } = input
    if (!Path.startsWith('/'))
      throw new AwsError(
        'ValidationException',
        `The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash ` +
          `"/". It can't be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the ` +
          `following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All ` +
          `sub-paths, if specified, must use the forward slash symbol "/". Valid example: ` +
          `/get/parameters2-/by1./path0_.`,
      )
    const prefix = Path.endsWith('/') ? Path : `${Path}/`
    const all = [...ctx.table(parameters).values(), ...publicParameters(ctx, prefix)]
      .filter(({ name }) => name.startsWith(prefix))
      .filter(({ name }) => Recursive || !name.slice(prefix.length).includes('/'))
      .filter((one) => matchesFilters(one, ParameterFilters, ['Type', 'KeyId', 'Label']))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    const limit = input.MaxResults ?? 10
    const query = [Path, Recursive, ParameterFilters]
    const page = paginate(all, { token: NextToken, limit, query, error: invalidToken })
    const Parameters = await Promise.all(
      page.items.map((one) => describe(ctx, one, latestOf(one), WithDecryption)),
    )
    return { Parameters, NextToken: page.nextToken }
  },
})

/** The error for a token that is not ours. */
export const invalidToken = (): AwsError =>
  new AwsError('InvalidNextToken', 'The specified token is not valid.')

export const GetParameterHistory = operation({
  service: 'ssm',
  name: 'GetParameterHistory',
  access: ({ Name }, ctx) => [parameterKind.on(ctx, 'GetParameterHistory', reference(Name).name)],
  run: async (input, ctx) => {
    const parameter = readable(ctx, reference(input.Name).name)
    if (!parameter) throw notFound(input.Name)
    const { NextToken: token, MaxResults: limit = 50 } = input
    const page = paginate(parameter.versions, { token, limit, query: parameter.arn, error: invalidToken })
    const Parameters = await Promise.all(
      page.items.map(async (version) => ({
        Name: parameter.name,
        Type: version.type,
        KeyId: version.keyId,
        LastModifiedDate: new Date(version.modifiedAt),
        LastModifiedUser: version.modifiedBy,
        Description: version.description,
        Value: await readValue(ctx, parameter, version, input.WithDecryption),
        AllowedPattern: version.allowedPattern,
        Version: version.version,
        Labels: [...version.labels],
        Tier: version.tier,
        Policies: [],
        DataType: 'text',
      })),
    )
    return { Parameters, NextToken: page.nextToken }
  },
})
