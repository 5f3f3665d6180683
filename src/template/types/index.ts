/** What is known about resource types beside their specification; a new service is a file beside this and a word in the list. */
import { analytics } from './analytics.ts'
import { api } from './api.ts'
import { appsync } from './appsync.ts'
import { balancing } from './balancing.ts'
import { caches } from './caches.ts'
import { cognito } from './cognito.ts'
import { compute } from './compute.ts'
import { containers } from './containers.ts'
import { data } from './data.ts'
import { databaseGroups } from './database-groups.ts'
import { databases } from './databases.ts'
import { delivery } from './delivery.ts'
import { domains } from './domains.ts'
import { edge } from './edge.ts'
import { events } from './events.ts'
import { firewall } from './firewall.ts'
import { httpApi } from './http-api.ts'
import { iam } from './iam.ts'
import { iamPolicies } from './iam-policies.ts'
import { lambda } from './lambda.ts'
import { lambdaParts } from './lambda-parts.ts'
import { logs } from './logs.ts'
import { messaging } from './messaging.ts'
import { network } from './network.ts'
import { networkAccess } from './network-access.ts'
import { notifications } from './notifications.ts'
import { organizations } from './organizations.ts'
import { repositories } from './repositories.ts'
import { s3 } from './s3.ts'
import { scaling } from './scaling.ts'
import { secrets } from './secrets.ts'
import { stacks } from './stacks.ts'
import { storage } from './storage.ts'
import type { HandledType, TypeFacts, TypeTable } from './type-facts.ts'
import { workflows } from './workflows.ts'

const tables: readonly TypeTable[] = [
  analytics,
  api,
  appsync,
  balancing,
  caches,
  cognito,
  compute,
  containers,
  data,
  databaseGroups,
  databases,
  delivery,
  domains,
  edge,
  events,
  firewall,
  httpApi,
  iam,
  iamPolicies,
  lambda,
  lambdaParts,
  logs,
  messaging,
  network,
  networkAccess,
  notifications,
  organizations,
  repositories,
  s3,
  scaling,
  secrets,
  stacks,
  storage,
  workflows,
]

const byType = new Map(tables.flatMap((table) => Object.entries(table)))

/** AWS: a type of one's own (`Custom::Thing`) is a custom resource. */
const kindOf = (type: string): string =>
  type.startsWith('Custom::') ? 'AWS::CloudFormation::CustomResource' : type

const NOTHING: TypeFacts = {}

/** Gives what is known of a type; nothing but what its specification tells where it is in no table. */
export const typeFacts = (type: string): TypeFacts => byType.get(kindOf(type)) ?? NOTHING

/** Gives what CloudFormation needs for a resource type; undefined when that is not known. */
export function handledType(type: string): HandledType | undefined {
  const facts = typeFacts(type)
  return facts.grants && (facts as HandledType)
}

/** Every type whose permissions are known. */
export const handledTypes = (): string[] =>
  [...byType.keys()].filter((type) => handledType(type) !== undefined).sort()
