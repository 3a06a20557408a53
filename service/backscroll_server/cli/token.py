"""The command `backscroll token`: it makes JSON Web Tokens for tests."""

import time
from pathlib import Path

import click


@click.command("token")
@click.argument("name")
@click.option("--key", "key_path", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="The private key in PEM that signs the token.")  # fmt: skip
@click.option("--audience", required=True, help="The audience, as the server's setting jwt_audience.")
@click.option("--algorithm", default="ES256", show_default=True, help="The algorithm of the signature.")
@click.option("--seconds", default=3600, show_default=True, type=click.IntRange(min=1), help="Time until it expires.")
@click.option("--issuer", default="", help="The issuer.")
@click.option("--key-id", default="", help="The id of the key, as in the server's JWKS.")
@click.option("--service", is_flag=True, help="NAME is a service and not a user.")
def command(
    name: str, key_path: Path, audience: str, algorithm: str, seconds: int, issuer: str, key_id: str, service: bool
) -> None:
    """Print a token for the user or service NAME.

    For tests: in production, tokens come from what knows your users.
    """
    try:
        import jwt
    except ImportError:
        raise click.ClickException("needs the extra 'jwt': install backscroll[jwt]") from None
    now = int(time.time())
    claims: dict[str, object] = {"sub": name, "aud": audience, "iat": now, "exp": now + seconds}
    if issuer:
        claims["iss"] = issuer
    if service:
        claims["backscroll_service"] = True
    try:
        token = jwt.encode(claims, key_path.read_bytes(), algorithm, headers={"kid": key_id} if key_id else None)
    except (jwt.PyJWTError, ValueError, TypeError, NotImplementedError) as error:
        raise click.ClickException(f"the key cannot sign with {algorithm}: {error}") from None
    click.echo(token)
