// KubernetesTypes
