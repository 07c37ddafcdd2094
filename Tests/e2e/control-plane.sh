# shellcheck shell=bash
# A kube-apiserver with its etcd, on 127.0.0.1, with certificates that live as long as the run. Sourced by run, which has
# sourced .ci/functions.sh.
#
# There is nothing else of a cluster: no controller, no scheduler, no kubelet. Nodes are objects that nobody runs.

# Puts the folder that holds kube-apiserver and etcd into $assets; fails where there is none.
find_control_plane() {
    for assets in ${KUBEBUILDER_ASSETS:+"$KUBEBUILDER_ASSETS"} /usr/local/kubebuilder/bin; do
        if [[ -x $assets/kube-apiserver && -x $assets/etcd ]]; then return 0; fi
    done
    return 1
}

# make_certificate NAME SUBJECT EXTENSION: NAME.crt and NAME.key in $pki, signed by its CA.
make_certificate() {
    openssl req -x509 -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 1 \
        -subj "$2" -addext "$3" -addext basicConstraints=critical,CA:FALSE \
        -keyout "$pki/$1.key" -out "$pki/$1.crt" 2>/dev/null
}

# start_control_plane DIRECTORY: everything it writes goes there, an administrator's kubeconfig among it. Sets $etcd and
# $apiserver, process ids. Returns once the API server says that it is ready.
etcd='' apiserver=''
start_control_plane() {
    local directory=$1 client_port='' peer_port='' port=''
    local pki=$directory/pki
    mkdir "$pki"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 1 -subj '/CN=end-to-end CA' \
        -keyout "$pki/ca.key" -out "$pki/ca.crt" 2>/dev/null
    make_certificate apiserver '/CN=kube-apiserver' subjectAltName=IP:127.0.0.1
    make_certificate admin '/O=system:masters/CN=admin' extendedKeyUsage=clientAuth

    free_port client_port
    free_port peer_port
    "$assets/etcd" --data-dir="$directory/etcd" --unsafe-no-fsync --log-level=warn \
        --listen-client-urls="http://127.0.0.1:$client_port" --advertise-client-urls="http://127.0.0.1:$client_port" \
        --listen-peer-urls="http://127.0.0.1:$peer_port" --initial-advertise-peer-urls="http://127.0.0.1:$peer_port" \
        --initial-cluster="default=http://127.0.0.1:$peer_port" >"$directory/etcd.log" 2>&1 &
    etcd=$!
    wait_for "$etcd" 20 "http://127.0.0.1:$client_port/health" || return 1

    free_port port
    # The key of the serving certificate signs service account tokens, too.
    "$assets/kube-apiserver" --etcd-servers="http://127.0.0.1:$client_port" \
        --bind-address=127.0.0.1 --advertise-address=127.0.0.1 --secure-port="$port" \
        --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" --client-ca-file="$pki/ca.crt" \
        --authorization-mode=RBAC --disable-admission-plugins=ServiceAccount --endpoint-reconciler-type=none \
        --service-account-issuer=https://kubernetes.default.svc --service-cluster-ip-range=10.0.0.0/24 \
        --service-account-key-file="$pki/apiserver.crt" --service-account-signing-key-file="$pki/apiserver.key" \
        >"$directory/apiserver.log" 2>&1 &
    apiserver=$!

    cat >"$directory/kubeconfig" <<END
apiVersion: v1
kind: Config
clusters:
- name: end-to-end
  cluster:
    server: https://127.0.0.1:$port
    certificate-authority: $pki/ca.crt
users:
- name: admin
  user:
    client-certificate: $pki/admin.crt
    client-key: $pki/admin.key
contexts:
- name: end-to-end
  context:
    cluster: end-to-end
    user: admin
current-context: end-to-end
END
    wait_for "$apiserver" 60 "https://127.0.0.1:$port/readyz" \
        --cacert "$pki/ca.crt" --cert "$pki/admin.crt" --key "$pki/admin.key"
}

# The API server first: without its etcd it would wait for it.
stop_control_plane() {
    [[ -z $apiserver ]] || stop "$apiserver"
    [[ -z $etcd ]] || stop "$etcd"
}
