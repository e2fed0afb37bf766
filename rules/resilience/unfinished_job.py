"""A job with a proxy that keeps it from finishing.

A Job is complete when all its containers have ended. The injected proxy does not end by itself unless
it is a native sidecar, so that the Job hangs and a CronJob piles them up
(istio/istio issue 36633; <https://istio.io/latest/blog/2023/native-sidecars/>).

Off by default: newer releases of Istio and Kubernetes run the proxy as a native sidecar.

### Bad

```yaml
apiVersion: batch/v1
kind: Job
metadata: {name: report, namespace: shop}  # ML352
spec:
  template:
    metadata: {labels: {app: report, sidecar.istio.io/inject: "true"}}
    spec:
      restartPolicy: Never
      containers: [{name: report, image: report}]
```

### Good

```yaml
apiVersion: batch/v1
kind: Job
metadata: {name: report, namespace: shop}
spec:
  template:
    metadata: {labels: {app: report, sidecar.istio.io/inject: "false"}}
    spec:
      restartPolicy: Never
      containers: [{name: report, image: report}]
```
"""

from meshlint.api import Answer, CronJob, Findings, Job, Mesh, Severity, at, finding, rule
from meshlint.mesh.workloads import Workload

_NATIVE = "sidecar.istio.io/nativeSidecar"


@rule("ML352", "unfinished-job", severity=Severity.INFO, since="0.1.0", default=False)
def check(job: Job | CronJob, mesh: Mesh) -> Findings:
    if (mesh.settings.environment("ENABLE_NATIVE_SIDECARS") or "").lower() == "true":
        return
    for workload in mesh.workloads.of_resource(job):
        if mesh.injection.sidecar(workload) is Answer.YES and not _ends_the_proxy(workload):
            yield finding(
                at(job),
                "the proxy goes on after the job's own containers have ended, so that the job never completes",
                help="run the proxy as a native sidecar, end it by `POST :15020/quitquitquit`, or leave it out",
            )
            return


def _ends_the_proxy(workload: Workload) -> bool:
    words = (word for item in workload.containers for word in (*(item.command or ()), *(item.args or ())))
    return workload.annotations.get(_NATIVE) == "true" or any("quitquitquit" in word for word in words)
