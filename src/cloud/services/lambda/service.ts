/**
 * Lambda: Node and Python functions run as processes of this machine, with the execution role's credentials.
 * It is no sandbox: a function can read and change whatever the user who runs the cloud can.
 */

import { implementation } from '../../kernel/service.ts'
import { downloadCode } from './door/code-link.ts'
import { serveUrl } from './door/serve-url.ts'
import { resumeEvents } from './engine/async-invoke.ts'
import { URL_PREFIX } from './engine/function-url.ts'
import { invocationRecord } from './engine/invocation-record.ts'
import { resumeMappings } from './engine/queue-poller.ts'
import { resumeSettling } from './engine/settle.ts'
import { kinds } from './kinds.ts'
import { CreateAlias, DeleteAlias, GetAlias, ListAliases, UpdateAlias } from './operations/aliases.ts'
import {
  DeleteFunctionConcurrency,
  GetAccountSettings,
  GetFunctionConcurrency,
  PutFunctionConcurrency,
} from './operations/concurrency.ts'
import { CreateFunction } from './operations/create-function.ts'
import { DeleteFunction } from './operations/delete-function.ts'
import {
  DeleteFunctionEventInvokeConfig,
  GetFunctionEventInvokeConfig,
  ListFunctionEventInvokeConfigs,
  PutFunctionEventInvokeConfig,
  UpdateFunctionEventInvokeConfig,
} from './operations/event-invoke-configs.ts'
import {
  CreateEventSourceMapping,
  DeleteEventSourceMapping,
  GetEventSourceMapping,
  ListEventSourceMappings,
  UpdateEventSourceMapping,
} from './operations/event-source-mappings.ts'
import {
  GetFunctionCodeSigningConfig,
  GetFunctionRecursionConfig,
  GetRuntimeManagementConfig,
  PutFunctionRecursionConfig,
  PutRuntimeManagementConfig,
} from './operations/function-settings.ts'
import {
  CreateFunctionUrlConfig,
  DeleteFunctionUrlConfig,
  GetFunctionUrlConfig,
  ListFunctionUrlConfigs,
  UpdateFunctionUrlConfig,
} from './operations/function-urls.ts'
import { GetFunction, GetFunctionConfiguration } from './operations/get-function.ts'
import { Invoke } from './operations/invoke.ts'
import {
  AddLayerVersionPermission,
  GetLayerVersionPolicy,
  RemoveLayerVersionPermission,
} from './operations/layer-permissions.ts'
import {
  DeleteLayerVersion,
  GetLayerVersion,
  GetLayerVersionByArn,
  ListLayers,
  ListLayerVersions,
  PublishLayerVersion,
} from './operations/layers.ts'
import { AddPermission, GetPolicy, RemovePermission } from './operations/permissions.ts'
import {
  DeleteProvisionedConcurrencyConfig,
  GetProvisionedConcurrencyConfig,
  ListProvisionedConcurrencyConfigs,
  PutProvisionedConcurrencyConfig,
} from './operations/provisioned-concurrency.ts'
import { ListFunctions, ListVersionsByFunction, PublishVersion } from './operations/publish-version.ts'
import { ListTags, TagResource, UntagResource } from './operations/tags.ts'
import { UpdateFunctionCode, UpdateFunctionConfiguration } from './operations/update-function-code.ts'
import { alias } from './resources/alias.ts'
import { eventInvokeConfig } from './resources/event-invoke-config.ts'
import { eventSourceMapping } from './resources/event-source-mapping.ts'
import { lambdaFunction } from './resources/function.ts'
import { layerVersion, layerVersionPermission } from './resources/layer-version.ts'
import { permission } from './resources/permission.ts'
import { url } from './resources/url.ts'
import { version } from './resources/version.ts'

export const lambda = implementation({
  kinds,
  operations: [
    CreateFunction,
    GetFunction,
    GetFunctionConfiguration,
    UpdateFunctionCode,
    UpdateFunctionConfiguration,
    DeleteFunction,
    ListFunctions,
    Invoke,
    PublishVersion,
    ListVersionsByFunction,
    CreateAlias,
    UpdateAlias,
    DeleteAlias,
    GetAlias,
    ListAliases,
    AddPermission,
    RemovePermission,
    GetPolicy,
    PutFunctionConcurrency,
    GetFunctionConcurrency,
    DeleteFunctionConcurrency,
    GetAccountSettings,
    PutProvisionedConcurrencyConfig,
    GetProvisionedConcurrencyConfig,
    DeleteProvisionedConcurrencyConfig,
    ListProvisionedConcurrencyConfigs,
    CreateFunctionUrlConfig,
    UpdateFunctionUrlConfig,
    GetFunctionUrlConfig,
    DeleteFunctionUrlConfig,
    ListFunctionUrlConfigs,
    GetFunctionCodeSigningConfig,
    GetFunctionRecursionConfig,
    GetRuntimeManagementConfig,
    PutFunctionRecursionConfig,
    PutRuntimeManagementConfig,
    PutFunctionEventInvokeConfig,
    UpdateFunctionEventInvokeConfig,
    GetFunctionEventInvokeConfig,
    DeleteFunctionEventInvokeConfig,
    ListFunctionEventInvokeConfigs,
    CreateEventSourceMapping,
    UpdateEventSourceMapping,
    GetEventSourceMapping,
    DeleteEventSourceMapping,
    ListEventSourceMappings,
    PublishLayerVersion,
    GetLayerVersion,
    GetLayerVersionByArn,
    DeleteLayerVersion,
    ListLayers,
    ListLayerVersions,
    AddLayerVersionPermission,
    RemoveLayerVersionPermission,
    GetLayerVersionPolicy,
    TagResource,
    UntagResource,
    ListTags,
  ],
  resourceTypes: [
    lambdaFunction,
    version,
    alias,
    permission,
    eventInvokeConfig,
    eventSourceMapping,
    url,
    layerVersion,
    layerVersionPermission,
  ],
  handOvers: [invocationRecord],
  start: (cloud, context) => {
    resumeSettling(cloud, context)
    resumeEvents(cloud, context)
    resumeMappings(cloud, context)
  },
  http: (request, response, cloud, context) =>
    request.url?.startsWith(URL_PREFIX)
      ? serveUrl(request, response, cloud, context)
      : downloadCode(request, response, cloud),
})
