/** Action types as ListActionTypes and CreateCustomActionType show them. */
import type { StoredActionType } from '../state.ts'

export const describeType = ({ type, settings, properties, inputs, outputs }: StoredActionType) => ({
  id: type,
  settings,
  actionConfigurationProperties: properties.map(({ valueType, ...one }) => ({ ...one, type: valueType })),
  inputArtifactDetails: { minimumCount: inputs.min, maximumCount: inputs.max },
  outputArtifactDetails: { minimumCount: outputs.min, maximumCount: outputs.max },
})
