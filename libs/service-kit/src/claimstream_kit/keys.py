"""Ed25519 keys in PEM files, readable by their owner alone."""

import hashlib
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)


def load_or_make_key(path: Path) -> Ed25519PrivateKey:
    """The private key in a file; a new one, with its public key beside it (``.pub.pem``), when there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        key = Ed25519PrivateKey.generate()
        part = path.with_suffix(f".{os.getpid()}.part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        try:
            os.link(part, path)
        except FileExistsError:
            pass
        finally:
            part.unlink()
    key = load_private_key(path)
    public = path.with_name(path.name.removesuffix(".pem") + ".pub.pem")
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return key


def load_private_key(path: Path) -> Ed25519PrivateKey:
    """The private key in a PEM file.

    Raises:
        ValueError: it is no Ed25519 key.
    """
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        msg = f"{path.name} is not an Ed25519 private key"
        raise ValueError(msg)  # noqa: TRY004  the file's content is wrong, not a type of ours
    return key


def load_public_keys(path: Path) -> dict[str, Ed25519PublicKey]:
    """Key id to public key: of one ``.pub.pem`` file, or of all in a folder."""
    files = sorted(path.glob("*.pub.pem")) if path.is_dir() else [path]
    keys = {}
    for file in files:
        key = load_pem_public_key(file.read_bytes())
        if isinstance(key, Ed25519PublicKey):
            keys[key_id(key)] = key
    return keys


def key_id(key: Ed25519PublicKey) -> str:
    """A short name of a public key: the start of its digest."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]
